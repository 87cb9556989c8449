package dev.facet.bench.drain;

import dev.facet.bench.BenchFailure;
import dev.facet.bench.all.Generator;
import dev.facet.bench.all.Surroundings;
import dev.facet.bench.load.Result;
import dev.facet.bench.load.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Calls at a steady rate, in the middle of which something happens to one service. */
final class DrainTrial {
  /** The generator's start, its warm-up, and a quiet moment. */
  private static final int BEFORE_SECONDS = 7;

  /** What an event that has begun may still take, and those it disturbed. */
  private static final int AFTER_SECONDS = 20;

  private final Surroundings surroundings;
  private final Replicas replicas;
  private final List<String> load;
  private final int seconds;

  /**
   * A trial.
   *
   * @param photo that all calls send
   * @param seconds of calls
   * @param attempts of the caller's, at each call
   */
  DrainTrial(
      Surroundings surroundings,
      Replicas replicas,
      Path photo,
      double rate,
      int seconds,
      int attempts) {
    this.surroundings = surroundings;
    this.replicas = replicas;
    this.seconds = seconds;
    load =
        List.of(
            "--call=embed",
            "--at=" + Replicas.GATEWAY,
            "--photos=" + photo,
            "--rate=" + rate,
            "--arrivals=constant",
            "--attempts=" + attempts,
            "--warmup=3",
            "--duration=" + seconds,
            // Processes start meanwhile, and take the processors.
            "--lateness=10000");
  }

  DrainRow run(String service, Fault fault) throws InterruptedException {
    surroundings.say("%s: %s, %d s of calls".formatted(service, fault, seconds));
    double repeatedBefore = replicas.repeated();
    long begun = System.nanoTime();
    CompletableFuture<Run> calls =
        CompletableFuture.supplyAsync(() -> new Generator(surroundings).run(load));
    TimeUnit.SECONDS.sleep(BEFORE_SECONDS);
    long last = begun + TimeUnit.SECONDS.toNanos(BEFORE_SECONDS + seconds - AFTER_SECONDS);
    int times = fault.happen(replicas.of(service), last);
    if (calls.isDone()) {
      throw new BenchFailure(
          BenchFailure.NOTHING_CLAIMED, "the calls ended before it was over: more --seconds");
    }
    Result result = Generator.claimed(calls.join());
    List<String> reasons = new ArrayList<>();
    result
        .failures()
        .forEach(
            failure ->
                reasons.add(
                    "%d %s %s"
                        .formatted(failure.count(), failure.code(), failure.reason())
                        .strip()));
    return new DrainRow(
        service,
        fault,
        times,
        result.arrivals(),
        result.failed(),
        reasons,
        Math.round(replicas.repeated() - repeatedBefore),
        result.latency().p99Ms(),
        result.latency().maxMs());
  }
}
