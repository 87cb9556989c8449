package dev.facet.bench.load;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether two runs differ, judged by their intervals: the rank test of Mann and Whitney, which asks
 * nothing of the distribution. Neighbouring intervals are alike, which makes the test see
 * differences that are none; so one is told only where it is also large.
 *
 * @param measure what is compared
 * @param before median of the intervals of the baseline
 * @param now median of the intervals of this run
 * @param chance of a difference as great between two equal runs
 * @param different whether the runs are told apart
 */
record Comparison(String measure, double before, double now, double chance, boolean different) {

  /** Chance below which a difference is none of chance's. */
  private static final double SIGNIFICANCE = 0.001;

  /** Share of the baseline's median below which a difference is of no interest. */
  private static final double LEAST = 0.05;

  /** Intervals that each run must have, so that equal runs can be told from others at all. */
  private static final int INTERVALS = 8;

  /** How much more this run has, as a share of the baseline. */
  double change() {
    return before == 0 ? 0 : now / before - 1;
  }

  /** Latencies and answers of two runs; empty when one has too few intervals. */
  static List<Comparison> of(Result before, Result now) {
    return Stream.of(
            of("p50 ms", before, now, Result.Piece::p50Ms),
            of("p99 ms", before, now, Result.Piece::p99Ms),
            of("answered/s", before, now, piece -> piece.answered() / piece.seconds()))
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * Two samples of one measure.
   *
   * @param before of the baseline, at least one
   * @param now of this run, at least one
   */
  static Comparison of(String measure, double[] before, double[] now) {
    double medianBefore = median(before);
    double medianNow = median(now);
    double chance = chance(before, now);
    boolean large = Math.abs(medianNow - medianBefore) > LEAST * Math.abs(medianBefore);
    return new Comparison(measure, medianBefore, medianNow, chance, large && chance < SIGNIFICANCE);
  }

  private static Optional<Comparison> of(
      String measure, Result before, Result now, Function<Result.Piece, @Nullable Double> value) {
    double[] first = values(before, value);
    double[] second = values(now, value);
    return first.length < INTERVALS || second.length < INTERVALS
        ? Optional.empty()
        : Optional.of(of(measure, first, second));
  }

  private static double[] values(Result result, Function<Result.Piece, @Nullable Double> value) {
    return result.course().stream()
        .map(value)
        .filter(Objects::nonNull)
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Two-sided, by the normal approximation with its correction for ties. */
  private static double chance(double[] before, double[] now) {
    double n = before.length;
    double m = now.length;
    double wins = 0;
    for (double x : now) {
      for (double y : before) {
        wins += x > y ? 1 : x == y ? 0.5 : 0;
      }
    }
    double all = n + m;
    double variance = n * m / 12 * (all + 1 - ties(before, now) / (all * (all - 1)));
    if (variance <= 0) {
      return 1;
    }
    double distance = Math.max(0, Math.abs(wins - n * m / 2) - 0.5) / Math.sqrt(variance);
    return Math.min(1, 2 * upperTail(distance));
  }

  /** Sum over all values of t³ − t, where t runs have the value. */
  private static double ties(double[] before, double[] now) {
    double[] all = Arrays.copyOf(before, before.length + now.length);
    System.arraycopy(now, 0, all, before.length, now.length);
    Arrays.sort(all);
    double sum = 0;
    for (int from = 0, to = 0; from < all.length; from = to) {
      while (to < all.length && all[to] == all[from]) {
        to++;
      }
      double t = to - from;
      sum += t * t * t - t;
    }
    return sum;
  }

  /** Of the normal distribution, by Abramowitz and Stegun's 26.2.17; exact within 1e-7. */
  private static double upperTail(double z) {
    double t = 1 / (1 + 0.2316419 * z);
    double polynomial =
        t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * polynomial;
  }
}
