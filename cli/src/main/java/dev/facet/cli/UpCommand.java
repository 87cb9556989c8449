package dev.facet.cli;

import dev.facet.models.ModelRecord;
import dev.facet.models.ModelStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts detector, embedder and gateway on this machine, and stops them on Ctrl-C. */
@Command(
    name = "up",
    header = "Start everything on this machine, until Ctrl-C.",
    description = {
      "Fetches the models, starts detector, embedder and gateway as processes of their own, and"
          + " prints 'ready' and their addresses (one line with --json) when all are ready. When one"
          + " of them ends, the others are stopped. Logs are in DIR/logs."
    },
    footer = {
      "",
      "Examples:",
      "  facet up",
      "  facet up --data /tmp/trial --ports auto",
      "  FACET_MODELS_MIRROR=/media/stick/models facet up --embedder mobilefacenet"
    })
final class UpCommand implements Callable<Integer> {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "What is kept: ledger, pictures, logs (default: facet in $XDG_DATA_HOME, or else in"
              + " ~/.local/share).")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--embedder",
      paramLabel = "NAME",
      description = "Embedding model (default: the first of the catalogue that can be had).")
  private Optional<String> embedder = Optional.empty();

  @Option(
      names = "--detector",
      paramLabel = "NAME",
      description = "Detector (default: the first of the catalogue that can be had).")
  private Optional<String> detector = Optional.empty();

  @Option(
      names = "--ports",
      paramLabel = "standard|auto",
      defaultValue = "standard",
      description =
          "standard: gateway 50051, detector 50052, embedder 50053, admin 9464 to 9466; auto: free"
              + " ones (default: ${DEFAULT-VALUE}).")
  private PortChoice ports = PortChoice.STANDARD;

  @Option(
      names = "--start-limit",
      paramLabel = "SECONDS",
      defaultValue = "180",
      description = "Give up when they are not ready by then (default: ${DEFAULT-VALUE}).")
  private int startLimitSeconds;

  @Mixin private final ModelStoreOptions models = new ModelStoreOptions();
  @Mixin private final Console console = new Console();

  private enum PortChoice {
    STANDARD,
    AUTO
  }

  private record Service(String address, String admin, long pid) {}

  private record Ready(
      boolean ready,
      String detector,
      String embedder,
      String data,
      Map<String, Service> services) {}

  @Override
  public Integer call() throws InterruptedException {
    Path home = Services.installation();
    Path folder =
        data.orElseGet(
                () ->
                    DataDirectory.standard(
                        System.getenv(), Path.of(System.getProperty("user.home"))))
            .toAbsolutePath()
            .normalize();
    try (DataDirectory directory = DataDirectory.take(folder)) {
      Ports chosen = ports == PortChoice.AUTO ? Ports.free() : Ports.STANDARD;
      chosen.requireFree();
      ModelStore store = models.store();
      ModelChoice eye = choose("detector", store, store.catalogue().detectors(), detector);
      ModelChoice memory = choose("embedder", store, store.catalogue().embedders(), embedder);
      Services services =
          new Services(home, directory.path(), directory.logs(), chosen, models.asSettings());
      console.note("starting gateway, detector and embedder; logs in %s", directory.logs());
      try (Cluster cluster = services.start(eye.model().name(), memory.model().name())) {
        cluster.awaitReady(Duration.ofSeconds(startLimitSeconds));
        say(ready(cluster, eye, memory, directory.path()), chosen.gateway().grpc());
        throw cluster.awaitDeath();
      } catch (InterruptedException e) {
        console.note("stopped");
        return ExitCode.INTERRUPTED;
      }
    }
  }

  private ModelChoice choose(
      String task, ModelStore store, List<ModelRecord> candidates, Optional<String> asked) {
    ModelChoice choice =
        ModelChoice.of(
            store, candidates, asked, model -> ModelStoreOptions.fetch(store, model, console));
    console.note(
        "%s %s (%s): %s",
        task, choice.model().name(), choice.model().licence().spdx(), choice.why());
    return choice;
  }

  private static Ready ready(
      Cluster cluster, ModelChoice detector, ModelChoice embedder, Path data) {
    Map<String, Service> services = new LinkedHashMap<>();
    for (ServiceProcess process : cluster.services()) {
      services.put(
          process.name(),
          new Service(
              "127.0.0.1:" + process.doors().grpc(),
              "http://127.0.0.1:" + process.doors().admin(),
              process.pid()));
    }
    return new Ready(
        true, detector.model().name(), embedder.model().name(), data.toString(), services);
  }

  private void say(Ready ready, int gatewayPort) {
    if (console.json()) {
      console.document(ready);
      return;
    }
    console.line("ready");
    ready.services.forEach(
        (name, service) ->
            console.line("  %-9s %-16s  metrics %s/metrics", name, service.address, service.admin));
    if (ports == PortChoice.AUTO) {
      console.line("  for other commands: export FACET_GATEWAY=127.0.0.1:%d", gatewayPort);
    }
  }
}
