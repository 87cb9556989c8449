package dev.facet.cli;

import dev.facet.proto.v1.Collection;
import dev.facet.proto.v1.CreateCollectionRequest;
import dev.facet.proto.v1.DropCollectionRequest;
import dev.facet.proto.v1.DropCollectionResponse;
import dev.facet.proto.v1.GetCollectionStatisticsRequest;
import dev.facet.proto.v1.GetCollectionStatisticsResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists, creates, drops and measures collections. */
@Command(
    name = "collections",
    header = "List, create, drop and measure collections.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  facet collections create staff",
      "  facet collections drop staff --force"
    })
final class CollectionsCommand {

  @Command(name = "list", header = "List the collections.")
  int list(@Mixin GatewayOptions gateway, @Mixin Console console) {
    try (GatewayClient client = gateway.connect()) {
      List<Collection> collections = new Pages(client).collections();
      if (console.json()) {
        console.document(
            Map.of("collections", collections.stream().map(Console::element).toList()));
      } else {
        collections.forEach(collection -> console.line("%s", words(collection)));
      }
    }
    return ExitCode.OK;
  }

  @Command(name = "create", header = "Create a collection.")
  int create(
      @Parameters(paramLabel = "ID", description = "1 to 64 of A-Z a-z 0-9 . _ -") String id,
      @Option(
              names = "--name",
              paramLabel = "NAME",
              defaultValue = "",
              description = "The name to show.")
          String name,
      @Option(
              names = "--model",
              paramLabel = "NAME",
              defaultValue = "",
              description = "Its embedding model (default: the gateway's).")
          String model,
      @Option(
              names = "--threshold",
              paramLabel = "D",
              description =
                  "Squared distance up to which two faces are one person here (default: the"
                      + " model's).")
          Optional<Float> threshold,
      @Mixin GatewayOptions gateway,
      @Mixin Console console) {
    CreateCollectionRequest.Builder request =
        CreateCollectionRequest.newBuilder()
            .setCollectionId(id)
            .setDisplayName(name)
            .setModel(model);
    threshold.ifPresent(request::setMatchThreshold);
    try (GatewayClient client = gateway.connect()) {
      Collection collection =
          client.collections(stub -> stub.createCollection(request.build())).getCollection();
      if (console.json()) {
        console.document(collection);
      } else {
        console.line("created  %s", words(collection));
      }
    }
    return ExitCode.OK;
  }

  @Command(name = "drop", header = "Delete a collection and everything in it.")
  int drop(
      @Parameters(paramLabel = "ID", description = "The collection.") String id,
      @Option(names = "--force", description = "Although it holds faces.") boolean force,
      @Mixin GatewayOptions gateway,
      @Mixin Console console) {
    try (GatewayClient client = gateway.connect()) {
      DropCollectionResponse response =
          client.collections(
              stub ->
                  stub.dropCollection(
                      DropCollectionRequest.newBuilder()
                          .setCollectionId(id)
                          .setForce(force)
                          .build()));
      if (console.json()) {
        console.document(response);
      } else {
        console.line("dropped  %s and %d faces", id, response.getDeletedFaces());
      }
    }
    return ExitCode.OK;
  }

  @Command(name = "stats", header = "Say how much is in a collection.")
  int stats(
      @Parameters(
              arity = "0..1",
              paramLabel = "ID",
              defaultValue = "default",
              description = "The collection (default: ${DEFAULT-VALUE}).")
          String id,
      @Mixin GatewayOptions gateway,
      @Mixin Console console) {
    try (GatewayClient client = gateway.connect()) {
      GetCollectionStatisticsResponse statistics =
          client.collections(
              stub ->
                  stub.getCollectionStatistics(
                      GetCollectionStatisticsRequest.newBuilder().setCollectionId(id).build()));
      if (console.json()) {
        console.document(statistics);
      } else {
        console.line(
            "%s: %d subjects, %d faces, %d with their picture; gallery at change %d of %d",
            id,
            statistics.getSubjects(),
            statistics.getFaces(),
            statistics.getImages(),
            statistics.getGallerySequence(),
            statistics.getLedgerSequence());
      }
    }
    return ExitCode.OK;
  }

  private static String words(Collection collection) {
    return "%s  %s %s  threshold %.3f"
        .formatted(
            collection.getCollectionId(),
            collection.getModel().getName(),
            collection.getModel().getVersion(),
            collection.getMatchThreshold());
  }
}
