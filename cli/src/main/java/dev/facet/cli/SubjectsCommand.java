package dev.facet.cli;

import com.google.protobuf.FieldMask;
import dev.facet.proto.v1.DeleteSubjectRequest;
import dev.facet.proto.v1.DeleteSubjectResponse;
import dev.facet.proto.v1.Face;
import dev.facet.proto.v1.GetSubjectRequest;
import dev.facet.proto.v1.Subject;
import dev.facet.proto.v1.UpdateSubjectRequest;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists, shows, renames and deletes subjects. */
@Command(
    name = "subjects",
    header = "List, show, rename and delete subjects.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  facet subjects list",
      "  facet subjects rename ada \"Ada Lovelace\""
    })
final class SubjectsCommand {

  @Command(name = "list", header = "List the subjects of a collection.")
  int list(
      @Mixin CollectionOption collection, @Mixin GatewayOptions gateway, @Mixin Console console) {
    try (GatewayClient client = gateway.connect()) {
      List<Subject> subjects = new Pages(client).subjects(collection.id());
      if (console.json()) {
        console.document(Map.of("subjects", subjects.stream().map(Console::element).toList()));
      } else {
        subjects.forEach(subject -> console.line("%s", words(subject)));
      }
    }
    return ExitCode.OK;
  }

  @Command(name = "show", header = "Show a subject and its faces.")
  int show(
      @Parameters(paramLabel = "SUBJECT", description = "Subject id.") String id,
      @Mixin CollectionOption collection,
      @Mixin GatewayOptions gateway,
      @Mixin Console console) {
    try (GatewayClient client = gateway.connect()) {
      Subject subject =
          client
              .faces(
                  stub ->
                      stub.getSubject(
                          GetSubjectRequest.newBuilder()
                              .setCollectionId(collection.id())
                              .setSubjectId(id)
                              .build()))
              .getSubject();
      List<Face> faces = new Pages(client).faces(collection.id(), id);
      if (console.json()) {
        console.document(
            Map.of(
                "subject",
                Console.element(subject),
                "faces",
                faces.stream().map(Console::element).toList()));
      } else {
        console.line("%s", words(subject));
        faces.forEach(face -> console.line("  face %s", face.getFaceId()));
      }
    }
    return ExitCode.OK;
  }

  @Command(name = "rename", header = "Give a subject another name; its id stays.")
  int rename(
      @Parameters(index = "0", paramLabel = "SUBJECT", description = "Subject id.") String id,
      @Parameters(index = "1", paramLabel = "NAME", description = "The name to show.") String name,
      @Mixin CollectionOption collection,
      @Mixin GatewayOptions gateway,
      @Mixin Console console) {
    try (GatewayClient client = gateway.connect()) {
      Subject subject =
          client
              .faces(
                  stub ->
                      stub.updateSubject(
                          UpdateSubjectRequest.newBuilder()
                              .setSubject(
                                  Subject.newBuilder()
                                      .setCollectionId(collection.id())
                                      .setSubjectId(id)
                                      .setDisplayName(name))
                              .setUpdateMask(FieldMask.newBuilder().addPaths("display_name"))
                              .build()))
              .getSubject();
      if (console.json()) {
        console.document(subject);
      } else {
        console.line("%s", words(subject));
      }
    }
    return ExitCode.OK;
  }

  @Command(name = "delete", header = "Delete a subject and its faces.")
  int delete(
      @Parameters(paramLabel = "SUBJECT", description = "Subject id.") String id,
      @Mixin CollectionOption collection,
      @Mixin GatewayOptions gateway,
      @Mixin Console console) {
    try (GatewayClient client = gateway.connect()) {
      DeleteSubjectResponse response =
          client.faces(
              stub ->
                  stub.deleteSubject(
                      DeleteSubjectRequest.newBuilder()
                          .setCollectionId(collection.id())
                          .setSubjectId(id)
                          .build()));
      if (console.json()) {
        console.document(response);
      } else {
        console.line("deleted  %s and %d faces", id, response.getDeletedFaces());
      }
    }
    return ExitCode.OK;
  }

  private static String words(Subject subject) {
    return "%s  %s  %d faces"
        .formatted(subject.getSubjectId(), subject.getDisplayName(), subject.getFaceCount());
  }
}
