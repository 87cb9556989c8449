package dev.facet.bench.drain;

import dev.facet.bench.BenchFailure;
import dev.facet.bench.Program;
import dev.facet.bench.Require;
import dev.facet.bench.Scratch;
import dev.facet.bench.SharedFolder;
import dev.facet.bench.TextTable;
import dev.facet.bench.all.Surroundings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code facet bench drain}. */
@Command(
    name = "drain",
    header = "Restart, kill and stop replicas under calls; say what callers noticed.",
    description = {
      "Starts two replicas of each service behind names, in a network namespace of their own (Linux,"
          + " as root), and sends calls at a steady rate through gateway, detector and embedder."
          + " restart: one replica after the other is asked to end and started again. kill: SIGKILL."
          + " stop: SIGSTOP for ten seconds. blackhole, loss, reset: what is sent to a replica is lost"
          + " for ten seconds, or one packet of twenty is, or resets the connection (iptables).",
      "Exit code 1 when a call failed while a service was restarted or one of its replicas killed."
    },
    footer = {
      "",
      "Examples:",
      "  facet bench drain",
      "  facet bench drain --seconds 180 --faults restart --out docs/results",
      "  facet bench drain --unprotected",
      "  facet bench drain --faults stop --set backend.hedge-after=1s"
    })
public final class DrainCommand implements Callable<Integer> {
  private static final int LEAST_SECONDS = 40;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "Of calls for each row, at least 40 (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "20",
      description = "Calls a second (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--faults",
      split = ",",
      paramLabel = "NAME",
      description = "Of ${COMPLETION-CANDIDATES} (default: restart,kill,stop).")
  private List<Fault> faults = List.of(Fault.RESTART, Fault.KILL, Fault.STOP);

  @Option(
      names = "--services",
      split = ",",
      paramLabel = "NAME",
      description = "Of detector, embedder, gateway (default: all).")
  private List<String> services = List.of();

  @Option(
      names = "--unprotected",
      description = "Without drain, and with one attempt at each call: shows that calls fail then.")
  private boolean unprotected;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of the gateways; repeat it for more.")
  private List<String> settings = List.of();

  @Option(
      names = "--photo",
      paramLabel = "FILE",
      description = "That all calls send (default: the first of photos/ in $FACET_SHARED).")
  private @Nullable Path photo;

  @Option(names = "--out", paramLabel = "DIR", description = "Also write drain.json there.")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec command;

  @Override
  public Integer call() throws InterruptedException {
    Require.option("--seconds", seconds >= LEAST_SECONDS, "at least " + LEAST_SECONDS);
    Require.option("--rate", rate > 0 && rate <= 1000, "up to 1000");
    Require.option(
        "--services",
        Replicas.ADDRESSES.keySet().containsAll(services),
        "some of detector, embedder, gateway");
    try (Scratch scratch = new Scratch(Path.of(System.getProperty("java.io.tmpdir")))) {
      Optional<Path> photos = Optional.of(SharedFolder.path().resolve("photos"));
      Surroundings surroundings =
          new Surroundings(Program.home(), photos, scratch.file("."), 1, 1, 1, this::note);
      return Namespace.isInside()
          ? measure(surroundings)
          : Namespace.again(
              surroundings,
              Replicas.ADDRESSES,
              command.root().commandLine().getParseResult().originalArgs());
    }
  }

  private int measure(Surroundings surroundings) throws InterruptedException {
    List<DrainRow> rows = new ArrayList<>();
    try (Replicas replicas = new Replicas(surroundings, unprotected, settings)) {
      surroundings.say("starting two replicas of each service");
      replicas.start();
      DrainTrial trial =
          new DrainTrial(
              surroundings, replicas, photo(surroundings), rate, seconds, unprotected ? 1 : 3);
      for (String service : services.isEmpty() ? replicas.names() : services) {
        for (Fault fault : faults) {
          rows.add(trial.run(service, fault));
        }
      }
    }
    PrintWriter answer = command.commandLine().getOut();
    if (json) {
      answer.println(Program.JSON.toJson(rows));
    } else {
      List<List<String>> table = new ArrayList<>(List.of(DrainRow.HEAD));
      rows.forEach(row -> table.add(row.cells()));
      TextTable.aligned(table).forEach(answer::println);
    }
    answer.flush();
    if (out != null) {
      Program.write(out.resolve("drain.json"), Program.JSON.toJson(rows) + "\n");
    }
    return rows.stream().anyMatch(row -> row.fault().mustNotShow() && row.failed() > 0)
        ? BenchFailure.NEGATIVE
        : 0;
  }

  private Path photo(Surroundings surroundings) {
    return photo != null
        ? photo.toAbsolutePath()
        : surroundings.photoFiles().stream()
            .findFirst()
            .orElseThrow(
                () -> new BenchFailure(BenchFailure.USAGE, "no photos here: --photo FILE"));
  }

  private void note(String text) {
    command.commandLine().getErr().println(text);
    command.commandLine().getErr().flush();
  }
}
