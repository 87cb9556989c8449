package dev.facet.bench.load;

import dev.facet.bench.BenchFailure;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;

/** Runs an operation at a pace, watches generator and servers meanwhile, and judges the run. */
final class Trial {

  /** How much longer than a call may take its end is waited for. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Operation operation;
  private final Settings settings;

  /**
   * How each run is made.
   *
   * @param warmup thrown away
   * @param length measured
   * @param interval pieces in which the course of the run is told
   * @param timeout longest time of a call
   * @param maxInFlight calls under way in an open loop
   * @param limitMs lateness that one send in a hundred may exceed
   * @param seed of the moments at which calls are due
   * @param metrics of servers, in Prometheus' format
   */
  record Settings(
      Duration warmup,
      Duration length,
      Duration interval,
      Duration timeout,
      int maxInFlight,
      double limitMs,
      long seed,
      List<URI> metrics) {}

  Trial(Operation operation, Settings settings) {
    this.operation = operation;
    this.settings = settings;
  }

  /** Calls that are due whatever becomes of those before. */
  Run open(Pace.Spread spread, double rate) {
    Arrivals arrivals =
        switch (spread) {
          case CONSTANT -> Arrivals.constant(rate);
          case POISSON -> Arrivals.poisson(rate, settings.seed);
        };
    OpenLoop loop = new OpenLoop(arrivals, settings.maxInFlight, settings.timeout.plus(GRACE));
    return run(Pace.open(spread, rate), loop::run);
  }

  /** Clients that wait for their answers. */
  Run closed(int clients) {
    ClosedLoop loop = new ClosedLoop(clients, settings.timeout.plus(GRACE));
    return run(Pace.closed(clients), loop::run);
  }

  private interface Loop {
    void run(Operation operation, Window window, Recording recording, Lateness lateness)
        throws InterruptedException;
  }

  private Run run(Pace pace, Loop loop) {
    Window window = Window.fromNow(settings.warmup, settings.length);
    Recording recording = new Recording(window, settings.interval);
    Lateness lateness = new Lateness(window);
    CompletableFuture<Observed> observed = new CompletableFuture<>();
    Thread observer =
        Thread.ofPlatform().name("load-observer").daemon().start(() -> observe(window, observed));
    try {
      loop.run(operation, window, recording, lateness);
      return judged(pace, window, recording, lateness.summary(), observed.get());
    } catch (InterruptedException e) {
      throw BenchFailure.interrupted(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      observer.interrupt();
    }
  }

  private Run judged(
      Pace pace, Window window, Recording recording, Lateness.Summary lateness, Observed observed) {
    Histogram notSent = recording.failures().get(Failure.NOT_SENT);
    long planned =
        pace.loop() == Pace.Loop.CLOSED
            ? 0
            : recording.arrivals() - (notSent == null ? 0 : notSent.getTotalCount());
    Verdict verdict =
        Verdict.of(
            planned, settings.length.toNanos() / 1e9, settings.limitMs, lateness, observed.cpu);
    return new Run(
        pace,
        verdict.valid(),
        verdict.problems(),
        lateness,
        observed.cpu,
        verdict.valid() ? Result.of(recording, window, settings.interval.toNanos() / 1e9) : null,
        observed.servers);
  }

  private record Observed(CpuUse cpu, List<ServerMetrics> servers) {}

  /** A page, or why there is none. */
  private record Scrape(MetricsPage page, String problem) {}

  private void observe(Window window, CompletableFuture<Observed> observed) {
    try {
      Window.await(window.measured());
      CpuUse.Counters before = CpuUse.Counters.now();
      List<Scrape> pagesBefore = scrape();
      Window.await(window.end());
      CpuUse.Counters after = CpuUse.Counters.now();
      List<Scrape> pagesAfter = scrape();
      List<ServerMetrics> servers = new ArrayList<>();
      for (int i = 0; i < pagesBefore.size(); i++) {
        servers.add(
            difference(settings.metrics.get(i).toString(), pagesBefore.get(i), pagesAfter.get(i)));
      }
      observed.complete(new Observed(CpuUse.between(before, after), servers));
    } catch (InterruptedException | RuntimeException e) {
      observed.completeExceptionally(e);
    }
  }

  private List<Scrape> scrape() throws InterruptedException {
    List<Scrape> pages = new ArrayList<>();
    for (URI address : settings.metrics) {
      try {
        pages.add(new Scrape(MetricsPage.fetch(address), ""));
      } catch (IOException e) {
        pages.add(new Scrape(MetricsPage.parse(""), "not to be had: " + e));
      }
    }
    return pages;
  }

  private static ServerMetrics difference(String address, Scrape before, Scrape after) {
    String problem = before.problem.isEmpty() ? after.problem : before.problem;
    return problem.isEmpty()
        ? ServerMetrics.between(address, before.page, after.page)
        : ServerMetrics.missing(address, problem);
  }
}
