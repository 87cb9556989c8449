package dev.facet.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What the callers of a run saw. Every arrival was answered or failed.
 *
 * @param arrivals calls that were due in the measured time
 * @param answeredPerSecond those that were answered, by the measured time
 * @param latency of the answered ones, failures left out
 * @param ofAllArrivals of all, a failure being an answer that never comes
 * @param byFaces answered calls by the number of faces in the answer
 * @param course the run in pieces
 * @param distribution answered calls by their latency
 */
public record Result(
    long arrivals,
    long answered,
    long failed,
    double answeredPerSecond,
    double facesPerSecond,
    Latency latency,
    Percentiles ofAllArrivals,
    List<FailureRow> failures,
    List<FacesRow> byFaces,
    List<Piece> course,
    List<Bin> distribution) {

  /** Bins of the distribution for each power of ten. */
  private static final int BINS_PER_DECADE = 10;

  /** Milliseconds. */
  public record Latency(
      double meanMs, double p50Ms, double p90Ms, double p99Ms, double p999Ms, double maxMs) {

    static Latency of(Histogram nanos) {
      return new Latency(
          nanos.getMean() / 1e6,
          nanos.getValueAtPercentile(50) / 1e6,
          nanos.getValueAtPercentile(90) / 1e6,
          nanos.getValueAtPercentile(99) / 1e6,
          nanos.getValueAtPercentile(99.9) / 1e6,
          nanos.getMaxValue() / 1e6);
    }
  }

  /** Milliseconds; null where so many failed that the percentile never got an answer. */
  public record Percentiles(
      @Nullable Double p50Ms,
      @Nullable Double p90Ms,
      @Nullable Double p99Ms,
      @Nullable Double p999Ms) {

    static Percentiles of(Histogram answered, long failed) {
      return new Percentiles(
          percentile(50, answered, failed),
          percentile(90, answered, failed),
          percentile(99, answered, failed),
          percentile(99.9, answered, failed));
    }

    private static @Nullable Double percentile(double percent, Histogram answered, long failed) {
      long rank = (long) Math.ceil(percent / 100 * (answered.getTotalCount() + failed) - 1e-9);
      if (rank > answered.getTotalCount() || answered.getTotalCount() == 0) {
        return null;
      }
      return answered.getValueAtPercentile(100.0 * rank / answered.getTotalCount()) / 1e6;
    }
  }

  /** One kind of failure; milliseconds until it was heard of. */
  public record FailureRow(
      String code, String reason, long count, double share, double p50Ms, double p99Ms) {}

  /** Answers with so many faces. */
  record FacesRow(int faces, long count, double p50Ms, double p99Ms) {}

  /**
   * One interval.
   *
   * @param fromSeconds since the measured time began
   * @param arrivals due in it
   * @param answered heard in it
   * @param failed heard of in it
   * @param p50Ms of the calls due in it; null where none of them was answered
   */
  record Piece(
      double fromSeconds,
      double seconds,
      long arrivals,
      long answered,
      long failed,
      @Nullable Double p50Ms,
      @Nullable Double p99Ms,
      @Nullable Double maxMs) {}

  /** Answers with a latency of at least the one and less than the other. */
  record Bin(double fromMs, double toMs, long count) {}

  /** Of a recording that is closed. */
  static Result of(Recording recording, Window window, double intervalSeconds) {
    Histogram answered = recording.answered();
    long arrivals = recording.arrivals();
    long failed = arrivals - answered.getTotalCount();
    double seconds = window.length().toNanos() / 1e9;
    return new Result(
        arrivals,
        answered.getTotalCount(),
        failed,
        answered.getTotalCount() / seconds,
        recording.faces() / seconds,
        Latency.of(answered),
        Percentiles.of(answered, failed),
        failures(recording, arrivals),
        recording.byFaces().entrySet().stream().map(Result::faces).toList(),
        course(recording, intervalSeconds, seconds),
        distribution(answered));
  }

  /** Whether so few were late or failed that the percentile of all arrivals is within a bound. */
  boolean holdsP99(double millis) {
    Double p99 = ofAllArrivals.p99Ms();
    return p99 != null && p99 <= millis;
  }

  private static List<FailureRow> failures(Recording recording, long arrivals) {
    return recording.failures().entrySet().stream()
        .map(
            entry ->
                new FailureRow(
                    entry.getKey().code(),
                    entry.getKey().reason(),
                    entry.getValue().getTotalCount(),
                    entry.getValue().getTotalCount() / (double) Math.max(1, arrivals),
                    entry.getValue().getValueAtPercentile(50) / 1e6,
                    entry.getValue().getValueAtPercentile(99) / 1e6))
        .toList();
  }

  private static FacesRow faces(Map.Entry<Integer, Histogram> entry) {
    Histogram nanos = entry.getValue();
    return new FacesRow(
        entry.getKey(),
        nanos.getTotalCount(),
        nanos.getValueAtPercentile(50) / 1e6,
        nanos.getValueAtPercentile(99) / 1e6);
  }

  private static List<Piece> course(Recording recording, double each, double all) {
    List<Piece> course = new ArrayList<>();
    for (Recording.Interval interval : recording.intervals()) {
      double from = course.size() * each;
      Histogram nanos = interval.latencies();
      boolean none = nanos.getTotalCount() == 0;
      course.add(
          new Piece(
              from,
              Math.min(each, all - from),
              interval.arrivals(),
              interval.answered(),
              interval.failed(),
              none ? null : nanos.getValueAtPercentile(50) / 1e6,
              none ? null : nanos.getValueAtPercentile(99) / 1e6,
              none ? null : nanos.getMaxValue() / 1e6));
    }
    return course;
  }

  private static List<Bin> distribution(Histogram answered) {
    if (answered.getTotalCount() == 0) {
      return List.of();
    }
    List<Bin> bins = new ArrayList<>();
    int first = bin(answered.getMinValue());
    int last = bin(answered.getMaxValue());
    long[] counts = new long[last - first + 1];
    answered
        .recordedValues()
        .forEach(
            value ->
                counts[Math.clamp(bin(value.getValueIteratedTo()) - first, 0, last - first)] +=
                    value.getCountAtValueIteratedTo());
    for (int i = 0; i < counts.length; i++) {
      bins.add(new Bin(edge(first + i), edge(first + i + 1), counts[i]));
    }
    return bins;
  }

  private static int bin(long nanos) {
    return (int) Math.floor(Math.log10(Math.max(1, nanos) / 1e6) * BINS_PER_DECADE);
  }

  private static double edge(int bin) {
    return Math.pow(10, bin / (double) BINS_PER_DECADE);
  }
}
