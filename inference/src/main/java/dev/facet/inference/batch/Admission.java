package dev.facet.inference.batch;

import java.time.Duration;

/**
 * Decides at the door whether a queue is too long, in items or in time. The time is estimated from
 * how long an item took in the runs so far, as an exponentially weighted mean. Not thread-safe: the
 * batcher's lock guards it.
 */
final class Admission {

  /** Weight of the newest run: half of the estimate comes from the last three. */
  private static final double NEWEST = 0.2;

  private final BatchPolicy policy;
  private double nanosPerItem = Double.NaN;

  Admission(BatchPolicy policy) {
    this.policy = policy;
  }

  /** Learns from a run. */
  void observe(long runNanos, int items) {
    double newest = (double) runNanos / items;
    nanosPerItem =
        Double.isNaN(nanosPerItem) ? newest : nanosPerItem + NEWEST * (newest - nanosPerItem);
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
    if (wait.compareTo(remaining) > 0) {
      throw QueueFullException.tooLongAWait(ahead, wait, remaining);
    }
  }

  /** Time until so many items have been run by all runners; zero while no run was observed. */
  private Duration estimatedWait(int items) {
    return Double.isNaN(nanosPerItem)
        ? Duration.ZERO
        : Duration.ofNanos((long) (nanosPerItem * items / policy.runners()));
  }
}
