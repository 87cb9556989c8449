package dev.facet.bench.load;

import dev.facet.bench.Require;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How fast calls come, and for how long. */
final class PaceOptions {

  /** Rate at which a search for the highest begins, in steps. */
  private static final int FIRST_STEPS = 8;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "Open loop: calls per second. With --find-rate the first that is tried.")
  private Optional<Double> rate = Optional.empty();

  @Option(
      names = "--arrivals",
      paramLabel = "HOW",
      defaultValue = "poisson",
      description =
          "Open loop: how they are spread: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Pace.Spread spread = Pace.Spread.POISSON;

  @Option(
      names = "--clients",
      paramLabel = "N",
      description = "Closed loop: so many clients, each of whom waits for its answer.")
  private Optional<Integer> clients = Optional.empty();

  @Option(
      names = "--find-rate",
      description = "Open loops at several rates, for the highest that holds --p99.")
  private boolean findRate;

  @Option(
      names = "--p99",
      paramLabel = "MS",
      description = "Bound of the 99th percentile of all calls due, failures counting as too late.")
  private Optional<Double> p99Ms = Optional.empty();

  @Option(
      names = "--step",
      paramLabel = "R",
      defaultValue = "10",
      description = "How exactly the rate is wanted (default: ${DEFAULT-VALUE} calls/s).")
  private long step;

  @Option(
      names = "--max-rate",
      paramLabel = "R",
      defaultValue = "20000",
      description = "Rate beyond which nothing is tried (default: ${DEFAULT-VALUE}).")
  private long maxRate;

  @Option(
      names = "--duration",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "Measured time of a run (default: ${DEFAULT-VALUE}).")
  private double durationSeconds;

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "Time before it, at the same pace, thrown away (default: ${DEFAULT-VALUE}).")
  private double warmupSeconds;

  @Option(
      names = "--max-in-flight",
      paramLabel = "N",
      defaultValue = "10000",
      description =
          "Open loop: calls under way; more are not sent, and have failed (default:"
              + " ${DEFAULT-VALUE}).")
  private int maxInFlight;

  @Option(
      names = "--lateness",
      paramLabel = "MS",
      defaultValue = "1",
      description =
          "How late one send in a hundred may be; beyond it nothing is claimed (default:"
              + " ${DEFAULT-VALUE}).")
  private double latenessMs;

  @Option(
      names = "--metrics",
      paramLabel = "URL",
      description =
          "A server's metrics in Prometheus' format, told as differences over the measured time;"
              + " repeat it for more.")
  private List<URI> metrics = List.of();

  void check() {
    int ways = (findRate ? 1 : rate.isPresent() ? 1 : 0) + (clients.isPresent() ? 1 : 0);
    Require.option("--rate, --clients or --find-rate", ways == 1, "given, and only one of them");
    Require.option("--rate", rate.orElse(1.0) > 0 && rate.orElse(1.0) <= 1e6, "up to 1,000,000");
    Require.option(
        "--clients", clients.orElse(1) >= 1 && clients.orElse(1) <= 10_000, "1 to 10000");
    Require.option(
        "--p99", findRate == p99Ms.isPresent() && p99Ms.orElse(1.0) > 0, "given with --find-rate");
    Require.option("--step", step >= 1 && step <= maxRate, "1 to --max-rate");
    Require.option("--max-rate", maxRate <= 1_000_000, "up to 1,000,000");
    Require.option("--duration", durationSeconds > 0 && durationSeconds <= 3600, "up to 3600");
    Require.option("--warmup", warmupSeconds >= 0 && warmupSeconds <= 3600, "0 to 3600");
    Require.option(
        "--max-in-flight", maxInFlight >= 1 && maxInFlight <= 1_000_000, "1 to 1,000,000");
    Require.option("--lateness", latenessMs > 0 && latenessMs <= 1000, "up to 1000");
  }

  /**
   * How a run is made.
   *
   * @param timeout deadline of a call
   */
  Trial.Settings settings(Duration timeout, long seed) {
    return new Trial.Settings(
        seconds(warmupSeconds),
        seconds(durationSeconds),
        Duration.ofSeconds(1),
        timeout,
        maxInFlight,
        latenessMs,
        seed,
        metrics);
  }

  /** The search for the highest rate; null when the pace is given. */
  @Nullable Sweep search(Trial trial) {
    if (!findRate) {
      return null;
    }
    long first = Math.round(rate.orElse((double) FIRST_STEPS * step));
    return Sweep.search(
        new RateSearch(Math.max(1, first), step, maxRate),
        p99Ms.orElseThrow(),
        step,
        tried -> trial.open(spread, (double) tried));
  }

  /** The one run at the pace that is given. */
  Run run(Trial trial) {
    return clients.isPresent()
        ? trial.closed(clients.get())
        : trial.open(spread, rate.orElseThrow());
  }

  private static Duration seconds(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }
}
