package dev.facet.inference.batch;

/**
 * When the items of one submission came and what that means for their turn; all in nanoseconds on
 * the scale of {@link System#nanoTime}.
 *
 * @param deadlineNanos after this no run is worth starting
 * @param dueNanos until this they wait for company: {@link BatchPolicy#maxDelay()} after they came,
 *     but never more than half of the time that is left to them
 * @param turnNanos their place in the queue: items are served in this order
 */
record Arrival(
    Priority priority, long enqueuedNanos, long deadlineNanos, long dueNanos, long turnNanos) {

  static Arrival of(BatchPolicy policy, Priority priority, long nowNanos, long deadlineNanos) {
    long delay = Math.min(policy.maxDelay().toNanos(), (deadlineNanos - nowNanos) / 2);
    long handicap = priority == Priority.BULK ? policy.bulkPatience().toNanos() : 0;
    return new Arrival(priority, nowNanos, deadlineNanos, nowNanos + delay, nowNanos + handicap);
  }

  /** Time left until the deadline; zero or less when it has passed. */
  long remainingNanos(long nowNanos) {
    return deadlineNanos - nowNanos;
  }
}
