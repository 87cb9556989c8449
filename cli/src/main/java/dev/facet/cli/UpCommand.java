package dev.facet.cli;

import dev.facet.models.ModelChoice;
import dev.facet.models.ModelRecord;
import dev.facet.models.ModelStore;
import dev.facet.models.ModelUnavailableException;
import dev.facet.models.NoModelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
          + " of them ends, the others are stopped. Logs are in DIR/logs.",
      "Several detectors or embedders are served side by side; requests and collections choose among"
          + " them by name, and the first serves those that name none. Each further model costs"
          + " memory: it is loaded beside the others, outside the services' heaps, which stay as they"
          + " are (gateway 1 GiB, detector and embedder 768 MiB each)."
    },
    footer = {
      "",
      "Examples:",
      "  facet up",
      "  facet up --data /tmp/trial --ports auto",
      "  facet up --embedder edgeface-xs,mobilefacenet",
      "  facet up --milvus http://127.0.0.1:19530",
      "  facet up --milvus local",
      "  facet up --keys",
      "  facet up --train",
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
      split = ",",
      paramLabel = "NAME",
      description =
          "Embedding models (default: the first of the catalogue that can be had, alone).")
  private List<String> embedders = List.of();

  @Option(
      names = "--detector",
      split = ",",
      paramLabel = "NAME",
      description = "Detectors (default: the first of the catalogue that can be had, alone).")
  private List<String> detectors = List.of();

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
      description =
          "Give up when they are not ready by then; a Milvus of its own gets as long before them"
              + " (default: ${DEFAULT-VALUE}).")
  private int startLimitSeconds;

  @Option(
      names = "--train",
      description =
          "Let the JVM learn from this run for later ones, which start sooner and compile less: use"
              + " Facet as you will, then stop it; the services take some seconds more to end.")
  private boolean training;

  @Option(
      names = "--keys",
      description =
          "Demand keys at the gateway. The operator's first key is made in DIR/admin.key, which only"
              + " its owner can read; 'facet admin' makes others with it.")
  private boolean keys;

  @Mixin private final StoreOptions stores = new StoreOptions();
  @Mixin private final ModelStoreOptions models = new ModelStoreOptions();
  @Mixin private final Console console = new Console();

  private enum PortChoice {
    STANDARD,
    AUTO
  }

  private record Service(String address, String admin, long pid) {}

  /** Detector and embedder are the default ones, the first of the lists. */
  private record Ready(
      boolean ready,
      String detector,
      String embedder,
      List<String> detectors,
      List<String> embedders,
      String data,
      @Nullable String keyFile,
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
      Arguments.distinct("--detector", detectors);
      Arguments.distinct("--embedder", embedders);
      List<ModelUnavailableException> missing = new ArrayList<>();
      List<String> eyes =
          choose("detector", store, store.catalogue().detectors(), detectors, missing);
      List<String> memories =
          choose("embedder", store, store.catalogue().embedders(), embedders, missing);
      if (!missing.isEmpty()) {
        throw new ModelsMissing(missing);
      }
      try (Cluster own = new Cluster(stores.start(directory, console))) {
        own.awaitReady(limit());
        Services services =
            new Services(
                home,
                directory.path(),
                directory.logs(),
                chosen,
                models.asSettings(),
                gatewaySettings(own, directory),
                training);
        console.note("starting gateway, detector and embedder; logs in %s", directory.logs());
        try (Cluster cluster = services.start(eyes, memories, own.services())) {
          cluster.awaitReady(limit());
          say(ready(cluster, eyes, memories, directory), chosen.gateway().grpc());
          throw cluster.awaitDeath();
        }
      } catch (InterruptedException e) {
        console.note("stopped");
        return ExitCode.INTERRUPTED;
      }
    }
  }

  /** Where its stores are, and whom it lets in. All services share this machine's processors. */
  private List<String> gatewaySettings(Cluster own, DataDirectory directory) {
    List<String> settings = new ArrayList<>(stores.asSettings(own.services()));
    settings.add(
        "access.calls-in-flight=" + Math.max(3, Runtime.getRuntime().availableProcessors() + 1));
    if (keys) {
      settings.add("access.mode=keys");
      settings.add("access.initial-key-file=" + FreshKey.ensure(directory.adminKey()));
    }
    return settings;
  }

  private Duration limit() {
    return Duration.ofSeconds(startLimitSeconds);
  }

  /**
   * The names of the models to serve, fetched; those asked for, or else the best there is.
   *
   * @param missing gets those that cannot be had and without which nothing is started
   */
  private List<String> choose(
      String task,
      ModelStore store,
      List<ModelRecord> candidates,
      List<String> asked,
      List<ModelUnavailableException> missing) {
    // An unknown name is told before the others are fetched.
    asked.forEach(store.catalogue()::model);
    List<Optional<String>> wanted =
        asked.isEmpty() ? List.of(Optional.empty()) : asked.stream().map(Optional::of).toList();
    List<String> names = new ArrayList<>();
    for (Optional<String> one : wanted) {
      try {
        ModelChoice choice =
            ModelChoice.of(
                store, candidates, one, model -> ModelStoreOptions.fetch(store, model, console));
        console.note(
            "%s %s (%s): %s%s",
            task,
            choice.model().name(),
            choice.model().licence().spdx(),
            choice.why(),
            wanted.size() > 1 && names.isEmpty() ? ", the default" : "");
        names.add(choice.model().name());
      } catch (ModelUnavailableException e) {
        missing.add(e);
      } catch (NoModelException e) {
        missing.addAll(e.missing());
      }
    }
    return names;
  }

  private Ready ready(
      Cluster cluster, List<String> detectors, List<String> embedders, DataDirectory data) {
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
        true,
        detectors.getFirst(),
        embedders.getFirst(),
        detectors,
        embedders,
        data.path().toString(),
        keys ? data.adminKey().toString() : null,
        services);
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
    if (ready.keyFile != null) {
      console.line("  for other commands: --key-file %s", ready.keyFile);
    }
    if (ports == PortChoice.AUTO) {
      console.line("  for other commands: export FACET_GATEWAY=127.0.0.1:%d", gatewayPort);
    }
  }
}
