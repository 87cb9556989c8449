package dev.facet.bench;

import dev.facet.bench.GalleryUnderTest.Search;
import dev.facet.gateway.ledger.UnitVector;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What clients see that ask one question after the other, each as soon as the last is answered.
 *
 * @param p50Ms median of a search
 * @param queriesPerSecond of all clients together
 */
record Load(double p50Ms, double p99Ms, double queriesPerSecond) {

  /** Bits of precision: a percentile is right within a thousandth. */
  private static final int DIGITS = 3;

  /**
   * Searches for so long, and for every query once at least.
   *
   * @param limit hits of a search
   */
  static Load of(Search search, List<UnitVector> queries, int limit, int clients, Duration time) {
    long start = System.nanoTime();
    List<Histogram> histograms =
        Workers.map(
            clients,
            client -> {
              Histogram histogram = new Histogram(DIGITS);
              // Each begins elsewhere, so that they do not ask the same at the same time.
              int first = client * queries.size() / clients;
              long before = System.nanoTime();
              for (int i = 0; i < queries.size() || before - start < time.toNanos(); i++) {
                var _ = search.nearest(queries.get((first + i) % queries.size()), limit);
                long after = System.nanoTime();
                histogram.recordValue(after - before);
                before = after;
              }
              return histogram;
            });
    return of(histograms, System.nanoTime() - start);
  }

  /**
   * Of what every client saw.
   *
   * @param histograms nanoseconds of each search
   */
  static Load of(List<Histogram> histograms, long nanos) {
    Histogram all = new Histogram(DIGITS);
    histograms.forEach(all::add);
    return new Load(
        all.getValueAtPercentile(50) / 1e6,
        all.getValueAtPercentile(99) / 1e6,
        all.getTotalCount() / (nanos / 1e9));
  }
}
