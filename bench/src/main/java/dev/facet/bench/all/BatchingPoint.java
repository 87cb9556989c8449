package dev.facet.bench.all;

import dev.facet.bench.load.Result;
import dev.facet.bench.load.Run;
import dev.facet.bench.load.ServerMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * What callers see of an embedder at 70 % of what it can do, at twice of it, and when bulk work
 * takes all that interactive callers leave; and of the batcher alone at ten times its capacity.
 */
final class BatchingPoint implements Point {

  private static final double SHARE = 0.7;
  private static final double MOST_BATCHES = 3;
  private static final double LEAST_GOODPUT = 0.9;
  private static final double MOST_REJECTION_MS = 5;
  private static final int CLIENTS = 32;

  /** Generator and service share the machine: the model must be what takes the time. */
  private static final String MODEL = MeasuredModels.DRAWN;

  private static final double WARM_UP_SECONDS = 8;
  private static final int STUB_OVERLOAD = 10;

  @Override
  public String name() {
    return "batching";
  }

  @Override
  public List<Finding> measure(Surroundings surroundings) {
    List<Finding> findings = new ArrayList<>(stub(surroundings));
    MeasuredModels models = new MeasuredModels(surroundings);
    if (models.served(MODEL).isEmpty()) {
      findings.add(Finding.open(name(), "under calls", MODEL + " is not to be had here"));
      return findings;
    }
    try (RunningFacet facet = RunningFacet.start(surroundings, models.upOptions(MODEL))) {
      Embedder embedder = new Embedder(surroundings, facet.embedder());
      surroundings.say("batching: what the embedder can do");
      embedder.warm(surroundings.warmUp(WARM_UP_SECONDS));
      double capacity = embedder.capacity();
      findings.addAll(calm(surroundings, embedder, capacity));
      findings.addAll(overload(surroundings, embedder, capacity));
      findings.add(beside(surroundings, embedder, capacity));
    }
    return findings;
  }

  private List<Finding> stub(Surroundings surroundings) {
    surroundings.say("batching: a stub of fixed service time at %d x".formatted(STUB_OVERLOAD));
    List<Double> goodput = new ArrayList<>();
    List<Double> rejection = new ArrayList<>();
    for (int round = 0; round < surroundings.rounds(); round++) {
      StubOverload.Outcome outcome = StubOverload.run(STUB_OVERLOAD, surroundings.seconds(), round);
      goodput.add(outcome.goodput());
      rejection.add(outcome.rejectionP99Millis());
    }
    return List.of(
        Finding.atLeast(
            name(),
            "stub at 10 x: goodput, of capacity",
            LEAST_GOODPUT,
            "%.3f",
            new Sample(goodput),
            "%d items of %d ms a run; answered within %d ms"
                .formatted(
                    StubOverload.BATCH, StubOverload.RUN_MILLIS, StubOverload.PATIENCE_MILLIS)),
        Finding.atMost(
            name(),
            "stub at 10 x: p99 of a rejection, ms",
            MOST_REJECTION_MS,
            "%.3f",
            new Sample(rejection),
            ""));
  }

  private List<Finding> calm(Surroundings surroundings, Embedder embedder, double capacity) {
    surroundings.say("batching: %.0f %% of %,.0f faces/s".formatted(100 * SHARE, capacity));
    List<Double> batches = new ArrayList<>();
    List<Double> p99 = new ArrayList<>();
    for (int round = 0; round < surroundings.rounds(); round++) {
      Run run = embedder.open(SHARE * capacity, 2 * surroundings.seconds(), "interactive");
      double latency = Generator.claimed(run).latency().p99Ms();
      p99.add(latency);
      batches.add(latency / embedder.runMillis(run));
    }
    return List.of(
        Finding.atMost(
            name(),
            "70 % of capacity, Poisson: p99, x a mean batch's run",
            MOST_BATCHES,
            "%.2f",
            new Sample(batches),
            "capacity %,.0f faces/s, beside the generator".formatted(capacity)),
        Finding.told(name(), "70 % of capacity, Poisson: p99, ms", "%.1f", new Sample(p99), ""));
  }

  private List<Finding> overload(Surroundings surroundings, Embedder embedder, double capacity) {
    surroundings.say("batching: twice what the embedder can do");
    List<Double> goodput = new ArrayList<>();
    List<Double> rejection = new ArrayList<>();
    for (int round = 0; round < surroundings.rounds(); round++) {
      Result result =
          Generator.claimed(embedder.open(2 * capacity, 2 * surroundings.seconds(), "interactive"));
      goodput.add(result.answeredPerSecond() / capacity);
      result.failures().stream()
          .filter(failure -> failure.reason().equals("QUEUE_FULL"))
          .forEach(failure -> rejection.add(failure.p50Ms()));
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.atLeast(
            name(),
            "twice the capacity: goodput, of capacity",
            LEAST_GOODPUT,
            "%.3f",
            new Sample(goodput),
            "answered within 1 s; capacity %,.0f faces/s".formatted(capacity)));
    findings.add(
        rejection.isEmpty()
            ? Finding.open(name(), "twice the capacity: median rejection, ms", "none was rejected")
            : Finding.told(
                name(),
                "twice the capacity: median rejection as the client sees it, ms",
                "%.1f",
                new Sample(rejection),
                "generator and server share the processors"));
    return findings;
  }

  private Finding beside(Surroundings surroundings, Embedder embedder, double capacity) {
    surroundings.say("batching: interactive calls beside bulk");
    double rate = capacity / 10;
    List<Double> batches = new ArrayList<>();
    for (int round = 0; round < surroundings.rounds(); round++) {
      double seconds = 2 * surroundings.seconds();
      CompletableFuture<Run> bulk =
          CompletableFuture.supplyAsync(() -> embedder.closed(seconds + 3, "bulk"));
      Run run = embedder.open(rate, seconds, "interactive");
      batches.add(Generator.claimed(run).latency().p99Ms() / embedder.runMillis(run));
      var _ = bulk.join();
    }
    return Finding.atMost(
        name(),
        "interactive beside saturating bulk: p99, x a mean batch's run",
        MOST_BATCHES,
        "%.2f",
        new Sample(batches),
        "%,.0f interactive calls/s, 32 bulk clients".formatted(rate));
  }

  /** The embedder under calls of one crop. */
  private static final class Embedder {
    private final Generator generator;
    private final Service service;
    private final double seconds;

    Embedder(Surroundings surroundings, Service service) {
      this.generator = new Generator(surroundings);
      this.service = service;
      this.seconds = surroundings.seconds();
    }

    void warm(double length) {
      var _ = closed(length, "interactive");
    }

    double capacity() {
      return Generator.claimed(closed(2 * seconds, "interactive")).answeredPerSecond();
    }

    Run closed(double length, String priority) {
      return generator.run(words("--clients=" + CLIENTS, length, priority));
    }

    Run open(double rate, double length, String priority) {
      return generator.run(
          words("--rate=%.1f".formatted(rate).toLowerCase(Locale.ROOT), length, priority));
    }

    /** Mean of the model's runs meanwhile. */
    double runMillis(Run run) {
      ServerMetrics server = run.servers().getFirst();
      return 1e3
          * server.growth("facet_batch_run_seconds_sum")
          / server.growth("facet_batch_run_seconds_count");
    }

    private List<String> words(String pace, double length, String priority) {
      return List.of(
          "--call=embedder",
          "--at=" + service.address(),
          pace,
          "--priority=" + priority,
          "--warmup=3", // the generator's JVM compiles too
          "--timeout=1",
          "--duration=" + length,
          // All processors are busy: sends are late, and latency counts from when they were due.
          "--lateness=1000",
          "--metrics=" + service.metrics());
    }
  }
}
