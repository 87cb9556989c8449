package dev.facet.inference.batch;

import java.time.Duration;

/**
 * Decides at the door whether a queue is too long, in items or in time. The time is estimated from
 * how long an item and a run took so far, as exponentially weighted means: the wait behind those
 * ahead, the run under way and the newcomer's own must all end before the deadline, or the run
 * would be for nobody. Not thread-safe: the batcher's lock guards it.
 */
final class Admission {

  /** Weight of the newest run: half of the estimate comes from the last three. */
  private static final double NEWEST = 0.2;

  private final BatchPolicy policy;
  private double nanosPerItem = Double.NaN;
  private double nanosPerRun = Double.NaN;

  Admission(BatchPolicy policy) {
    this.policy = policy;
  }

  /** Learns from a run. */
  void observe(long runNanos, int items) {
    nanosPerItem = mean(nanosPerItem, (double) runNanos / items);
    nanosPerRun = mean(nanosPerRun, (double) runNanos);
  }

  /** Refuses so many newcomers if the queue is too long for them. */
  void check(ItemQueue<?, ?> queue, int items, Arrival arrival) {
    int queued = queue.size(arrival.priority());
    int ahead = queue.ahead(arrival.priority());
    Duration wait = estimatedWait(ahead);
    Duration remaining = Duration.ofNanos(arrival.remainingNanos(arrival.enqueuedNanos()));
    if (items > policy.maxQueue() - queued) {
      throw QueueFullException.tooManyItems(items, queued, policy.maxQueue(), wait);
    }
    if (ahead > 0 && wait.plus(twoRuns()).compareTo(remaining) > 0) {
      throw QueueFullException.tooLongAWait(ahead, wait, remaining);
    }
  }

  /** Time until so many items have been run by all runners; zero while no run was observed. */
  private Duration estimatedWait(int items) {
    return Double.isNaN(nanosPerItem)
        ? Duration.ZERO
        : Duration.ofNanos((long) (nanosPerItem * items / policy.runners()));
  }

  /** The one under way and the newcomer's. */
  private Duration twoRuns() {
    return Double.isNaN(nanosPerRun) ? Duration.ZERO : Duration.ofNanos((long) (2 * nanosPerRun));
  }

  private static double mean(double before, double newest) {
    return Double.isNaN(before) ? newest : before + NEWEST * (newest - before);
  }
}
