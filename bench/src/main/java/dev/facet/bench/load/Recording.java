package dev.facet.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What became of the calls of a run. A call belongs to the interval in which it was due; that it
 * was answered or failed is counted in the interval in which this was heard.
 *
 * <p>Calls that were due in the warm-up are ignored. Every other call is counted as an arrival when
 * it is due, and ends in exactly one way: answered, or failed for one reason.
 */
final class Recording {

  /** Digits of precision: a percentile is right within a thousandth. */
  private static final int DIGITS = 3;

  /** Nanoseconds that are told apart. */
  private static final int RESOLUTION = 1_000;

  private final Window window;
  private final long intervalNanos;

  // Guarded by this, as are the histograms in them.
  private final List<Interval> intervals = new ArrayList<>();
  private final Map<Failure, Histogram> failures = new TreeMap<>();
  private final Map<Integer, Histogram> byFaces = new TreeMap<>();
  private long faces;
  private boolean closed;

  /** One piece of the measured time. */
  static final class Interval {
    private final Histogram latencies = histogram();
    private long arrivals;
    private long answered;
    private long failed;

    /** Nanoseconds to the answer, of the calls that were due in it. */
    Histogram latencies() {
      return latencies;
    }

    /** Calls that were due in it. */
    long arrivals() {
      return arrivals;
    }

    /** Answers that came in it. */
    long answered() {
      return answered;
    }

    /** Failures that were heard of in it. */
    long failed() {
      return failed;
    }
  }

  /**
   * Begins with nothing.
   *
   * @param interval length of the pieces in which the course of the run is told
   */
  Recording(Window window, Duration interval) {
    this.window = window;
    this.intervalNanos = interval.toNanos();
    long number = Math.ceilDiv(window.length().toNanos(), intervalNanos);
    for (long i = 0; i < number; i++) {
      intervals.add(new Interval());
    }
  }

  static Histogram histogram() {
    Histogram histogram = new Histogram(RESOLUTION, 2 * RESOLUTION, DIGITS);
    histogram.setAutoResize(true);
    return histogram;
  }

  /** A call is due. */
  synchronized void arrived(long due) {
    long offset = window.offset(due);
    if (window.holds(offset)) {
      interval(offset).arrivals++;
    }
  }

  /**
   * A call has ended.
   *
   * @param due when it should have been sent; its latency counts from then
   * @param at when the end was heard of
   */
  synchronized void ended(long due, long at, Outcome outcome) {
    long offset = window.offset(due);
    if (closed || !window.holds(offset)) {
      return;
    }
    long latency = Math.max(0, at - due);
    long heard = window.offset(at);
    Failure failure = outcome.failure();
    if (failure != null) {
      failures.computeIfAbsent(failure, _ -> histogram()).recordValue(latency);
      if (window.holds(heard)) {
        interval(heard).failed++;
      }
      return;
    }
    interval(offset).latencies.recordValue(latency);
    byFaces.computeIfAbsent(outcome.faces(), _ -> histogram()).recordValue(latency);
    faces += outcome.faces();
    if (window.holds(heard)) {
      interval(heard).answered++;
    }
  }

  /** Whoever has not ended by now has failed; what ends later is not heard any more. */
  synchronized void close() {
    long missing = arrivals() - answered().getTotalCount() - failed();
    if (missing > 0) {
      failures
          .computeIfAbsent(Failure.NEVER_ANSWERED, _ -> histogram())
          .recordValueWithCount(Math.max(0, System.nanoTime() - window.end()), missing);
    }
    closed = true;
  }

  /** In order; not to be asked before the recording is closed. */
  synchronized List<Interval> intervals() {
    return List.copyOf(intervals);
  }

  synchronized long arrivals() {
    return intervals.stream().mapToLong(Interval::arrivals).sum();
  }

  /** Nanoseconds to the answers, of all intervals together. */
  synchronized Histogram answered() {
    Histogram all = histogram();
    intervals.forEach(interval -> all.add(interval.latencies));
    return all;
  }

  /** Nanoseconds to the failures, by their kind. */
  synchronized Map<Failure, Histogram> failures() {
    return new TreeMap<>(failures);
  }

  /** Nanoseconds to the answers, by the number of faces in them. */
  synchronized Map<Integer, Histogram> byFaces() {
    return new TreeMap<>(byFaces);
  }

  /** In all answers. */
  synchronized long faces() {
    return faces;
  }

  private long failed() {
    return failures.values().stream().mapToLong(Histogram::getTotalCount).sum();
  }

  private Interval interval(long offset) {
    return intervals.get(Math.toIntExact(offset / intervalNanos));
  }
}
