package dev.facet.bench.load;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How late the generator itself was: nanoseconds from when a call was due to when it was sent. In a
 * closed loop a call is due when the client has the answer to the one before.
 */
final class Lateness {

  private final Window window;

  // Guarded by this.
  private final Histogram nanos = Recording.histogram();
  private long sent;

  /**
   * What is told of it.
   *
   * @param laterThan1Ms share of all sends
   * @param laterThan10Ms share of all sends
   * @param sent calls that left within the measured time
   */
  record Summary(
      double p50Ms,
      double p99Ms,
      double maxMs,
      double laterThan1Ms,
      double laterThan10Ms,
      long sent) {}

  Lateness(Window window) {
    this.window = window;
  }

  /** A call is being sent. */
  synchronized void sent(long due, long at) {
    if (window.holds(window.offset(due))) {
      nanos.recordValue(Math.max(0, at - due));
    }
    if (window.holds(window.offset(at))) {
      sent++;
    }
  }

  synchronized Summary summary() {
    return new Summary(
        nanos.getValueAtPercentile(50) / 1e6,
        nanos.getValueAtPercentile(99) / 1e6,
        nanos.getMaxValue() / 1e6,
        laterThan(1),
        laterThan(10),
        sent);
  }

  private double laterThan(long millis) {
    long all = nanos.getTotalCount();
    return all == 0
        ? 0
        : nanos.getCountBetweenValues(TimeUnit.MILLISECONDS.toNanos(millis), Long.MAX_VALUE)
            / (double) all;
  }
}
