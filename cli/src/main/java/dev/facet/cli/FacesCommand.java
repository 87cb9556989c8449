package dev.facet.cli;

import dev.facet.proto.v1.DeleteFaceRequest;
import dev.facet.proto.v1.Face;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists and deletes enrolled faces. */
@Command(
    name = "faces",
    header = "List and delete enrolled faces.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Examples:", "  facet faces list --subject Ada", "  facet faces delete 3f9c0a51"})
final class FacesCommand {

  @Command(name = "list", header = "List the faces of a collection or of one subject.")
  int list(
      @Option(
              names = "--subject",
              paramLabel = "ID",
              defaultValue = "",
              description = "Only this subject's.")
          String subject,
      @Mixin CollectionOption collection,
      @Mixin GatewayOptions gateway,
      @Mixin Console console) {
    try (GatewayClient client = gateway.connect()) {
      List<Face> faces = new Pages(client).faces(collection.id(), subject);
      if (console.json()) {
        console.document(Map.of("faces", faces.stream().map(Console::element).toList()));
      } else {
        faces.forEach(face -> console.line("%s  %s", face.getFaceId(), face.getSubjectId()));
      }
    }
    return ExitCode.OK;
  }

  @Command(
      name = "delete",
      header = "Delete faces: hidden at once, purged soon after.",
      description = "Deleting a face that was deleted before succeeds.")
  int delete(
      @Parameters(arity = "1..*", paramLabel = "FACE", description = "Face ids.") List<String> ids,
      @Mixin CollectionOption collection,
      @Mixin GatewayOptions gateway,
      @Mixin Console console) {
    try (GatewayClient client = gateway.connect()) {
      for (String id : ids) {
        client.faces(
            stub ->
                stub.deleteFace(
                    DeleteFaceRequest.newBuilder()
                        .setCollectionId(collection.id())
                        .setFaceId(id)
                        .build()));
        if (!console.json()) {
          console.line("deleted  %s", id);
        }
      }
    }
    if (console.json()) {
      console.document(Map.of("deleted", ids));
    }
    return ExitCode.OK;
  }
}
