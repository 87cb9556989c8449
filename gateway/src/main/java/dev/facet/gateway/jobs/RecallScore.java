package dev.facet.gateway.jobs;

import dev.facet.gateway.gallery.Hit;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Adds up how many of the true neighbours a gallery found. */
final class RecallScore {
  static final int TEN = 10;

  /** Two sums of the same squares, added up in different orders, differ by less. */
  static final float ROUNDING = 1e-5f;

  private final UnaryOperator<List<Hit>> living;
  private long neighbours;
  private long neighboursFound;
  private long searches;
  private long firstFound;
  private long nearest;
  private long nearestFound;

  /**
   * Nothing was searched yet.
   *
   * @param living keeps those that were not deleted since the exact search; asked only where
   *     something seems to be missed
   */
  RecallScore(UnaryOperator<List<Hit>> living) {
    this.living = living;
  }

  /** Counts those within the threshold that are among the hits. */
  void within(List<Hit> exact, List<Hit> hits) {
    Set<Long> found = hits.stream().map(Hit::key).collect(Collectors.toSet());
    List<Hit> missed = exact.stream().filter(hit -> !found.contains(hit.key())).toList();
    int missing = missed.isEmpty() ? 0 : living.apply(missed).size();
    neighboursFound += exact.size() - missed.size();
    neighbours += exact.size() - missed.size() + missing;
  }

  /**
   * Counts the hits that are as near as the nearest; by distance, as any of several at the same one
   * is right.
   *
   * @param exact nearest first
   */
  void nearest(List<Hit> exact, List<Hit> hits) {
    List<Hit> ten = exact.stream().limit(TEN).toList();
    if (found(ten, hits) < ten.size()) {
      ten = living.apply(exact).stream().limit(TEN).toList();
    }
    searches++;
    firstFound += found(ten.stream().limit(1).toList(), hits) == Math.min(1, ten.size()) ? 1 : 0;
    nearest += ten.size();
    nearestFound += found(ten, hits);
  }

  private static long found(List<Hit> exact, List<Hit> hits) {
    if (exact.isEmpty()) {
      return 0;
    }
    float farthest = exact.getLast().squaredDistance() + ROUNDING;
    long near = hits.stream().filter(hit -> hit.squaredDistance() <= farthest).count();
    return Math.min(near, exact.size());
  }

  RecallReport report(long faces, long searched) {
    return new RecallReport(
        faces,
        searched,
        neighbours,
        share(neighboursFound, neighbours),
        share(firstFound, searches),
        share(nearestFound, nearest));
  }

  private static double share(long found, long of) {
    return of == 0 ? 1 : (double) found / of;
  }
}
