package dev.facet.cli;

import dev.facet.proto.v1.CancelOperationRequest;
import dev.facet.proto.v1.CheckCollectionRequest;
import dev.facet.proto.v1.ConfirmRebuildRequest;
import dev.facet.proto.v1.GalleryKind;
import dev.facet.proto.v1.GetOperationRequest;
import dev.facet.proto.v1.MeasureRecallRequest;
import dev.facet.proto.v1.MoveGalleryRequest;
import dev.facet.proto.v1.Operation;
import dev.facet.proto.v1.RebuildGalleryRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks, rebuilds, measures and moves the search index, which are long jobs of the gateway. */
@Command(
    name = "gallery",
    header = "Check, rebuild, measure and move the search index.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Check, rebuild, recall and move are jobs of the gateway: Ctrl-C leaves them running, and",
      "'facet gallery operations ID' shows what became of them.",
      "",
      "Examples:",
      "  facet gallery check --repair",
      "  facet gallery rebuild --collection staff",
      "  facet gallery rebuild --collection staff --confirm",
      "  facet gallery move --to milvus"
    })
final class GalleryCommand {

  @Command(
      name = "check",
      header = "Compare ledger, archive and gallery.",
      footer = {
        "",
        "Exit code 1 when something is wrong that was not repaired. Pictures that are missing or",
        "damaged cannot be repaired."
      })
  int check(
      @Option(
              names = {"-c", "--collection"},
              paramLabel = "ID",
              defaultValue = "",
              description = "The collection (default: all of them).")
          String collection,
      @Option(names = "--repair", description = "Mend what can be mended.") boolean repair,
      @Mixin OperationOptions operations,
      @Mixin GatewayOptions gateway,
      @Mixin Console console) {
    try (GatewayClient client = gateway.connect()) {
      CheckCollectionRequest request =
          CheckCollectionRequest.newBuilder().setCollectionId(collection).setRepair(repair).build();
      return operations.follow(
          client.collections(stub -> stub.checkCollection(request)).getOperation(),
          client,
          console);
    }
  }

  @Command(
      name = "rebuild",
      header = "Build the index of a collection anew from the ledger, while the old one serves.",
      footer = {
        "",
        "The new index serves when it finds the faces in it. The old one is kept beside it until",
        "--confirm removes it or --revert puts it back."
      })
  int rebuild(
      @Option(names = "--confirm", description = "Remove the index that was replaced.")
          boolean confirm,
      @Option(names = "--revert", description = "Let the index that was replaced serve again.")
          boolean revert,
      @Mixin CollectionOption collection,
      @Mixin OperationOptions operations,
      @Mixin GatewayOptions gateway,
      @Mixin Console console) {
    if (confirm && revert) {
      throw new CommandFailure(ExitCode.USAGE, "either --confirm or --revert");
    }
    try (GatewayClient client = gateway.connect()) {
      return operations.follow(
          confirm || revert
              ? end(client, collection.id(), confirm)
              : begin(client, collection.id()),
          client,
          console);
    }
  }

  private static Operation begin(GatewayClient client, String collection) {
    RebuildGalleryRequest request =
        RebuildGalleryRequest.newBuilder().setCollectionId(collection).build();
    return client.collections(stub -> stub.rebuildGallery(request)).getOperation();
  }

  private static Operation end(GatewayClient client, String collection, boolean keepNew) {
    ConfirmRebuildRequest request =
        ConfirmRebuildRequest.newBuilder().setCollectionId(collection).setKeepNew(keepNew).build();
    return client.collections(stub -> stub.confirmRebuild(request)).getOperation();
  }

  @Command(
      name = "move",
      header = "Let the other kind of gallery serve, without a pause.",
      footer = {
        "",
        "It is filled from the ledger and tried while the other serves. All gateways of the ledger",
        "follow, and stay with it when they are started again. To move to Milvus the gateways must",
        "know where it is (facet up --milvus URI, or the setting milvus.server.uri)."
      })
  int move(
      @Option(
              names = "--to",
              required = true,
              paramLabel = "KIND",
              description = "${COMPLETION-CANDIDATES}.")
          Kind to,
      @Mixin OperationOptions operations,
      @Mixin GatewayOptions gateway,
      @Mixin Console console) {
    try (GatewayClient client = gateway.connect()) {
      MoveGalleryRequest request = MoveGalleryRequest.newBuilder().setTo(to.message).build();
      return operations.follow(
          client.admin(stub -> stub.moveGallery(request)).getOperation(), client, console);
    }
  }

  /** The kinds of gallery, as they are typed. */
  enum Kind {
    scan(GalleryKind.GALLERY_KIND_SCAN),
    milvus(GalleryKind.GALLERY_KIND_MILVUS);

    private final GalleryKind message;

    Kind(GalleryKind message) {
      this.message = message;
    }
  }

  @Command(name = "recall", header = "Measure how much of what there is the gallery finds.")
  int recall(
      @Option(
              names = "--sample",
              paramLabel = "N",
              defaultValue = "1000",
              description = "Faces to search (default: ${DEFAULT-VALUE}).")
          int sample,
      @Option(
              names = "--noise",
              paramLabel = "D",
              defaultValue = "0",
              description =
                  "Squared distance, 0 to 1, between a face and what is searched in its place"
                      + " (default: ${DEFAULT-VALUE}).")
          float noise,
      @Mixin CollectionOption collection,
      @Mixin OperationOptions operations,
      @Mixin GatewayOptions gateway,
      @Mixin Console console) {
    Arguments.atLeast("--sample", sample, 1);
    try (GatewayClient client = gateway.connect()) {
      MeasureRecallRequest request =
          MeasureRecallRequest.newBuilder()
              .setCollectionId(collection.id())
              .setSample(sample)
              .setNoise(noise)
              .build();
      return operations.follow(
          client.collections(stub -> stub.measureRecall(request)).getOperation(), client, console);
    }
  }

  @Command(name = "operations", header = "List the long jobs, or show, watch or stop one.")
  int operations(
      @Parameters(arity = "0..1", paramLabel = "ID", description = "Only this one.")
          Optional<String> id,
      @Option(names = "--watch", description = "Wait until it is done.") boolean watch,
      @Option(names = "--cancel", description = "Ask it to stop.") boolean cancel,
      @Mixin GatewayOptions gateway,
      @Mixin Console console) {
    if (id.isEmpty() && (watch || cancel)) {
      throw new CommandFailure(ExitCode.USAGE, "which one? facet gallery operations lists them");
    }
    try (GatewayClient client = gateway.connect()) {
      if (id.isEmpty()) {
        list(client, console);
        return ExitCode.OK;
      }
      Operation operation = cancel ? cancelled(client, id.get()) : shown(client, id.get());
      OperationWatch watched = new OperationWatch(client, console);
      return watch ? watched.follow(operation) : watched.tell(operation);
    }
  }

  private static void list(GatewayClient client, Console console) {
    List<Operation> operations = new Pages(client).operations();
    if (console.json()) {
      console.document(Map.of("operations", operations.stream().map(Console::element).toList()));
    } else {
      operations.forEach(operation -> console.line("%s", OperationWords.line(operation)));
    }
  }

  private static Operation shown(GatewayClient client, String id) {
    GetOperationRequest request = GetOperationRequest.newBuilder().setOperationId(id).build();
    return client.operations(stub -> stub.getOperation(request)).getOperation();
  }

  private static Operation cancelled(GatewayClient client, String id) {
    CancelOperationRequest request = CancelOperationRequest.newBuilder().setOperationId(id).build();
    return client.operations(stub -> stub.cancelOperation(request)).getOperation();
  }
}
