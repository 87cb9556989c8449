package dev.facet.inference.batch;

import java.time.Duration;

/** A submission was refused because the queue is too long, in items or in time. */
public final class QueueFullException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final Duration LEAST_RETRY = Duration.ofMillis(10);

  /** Which of the queue's two bounds refused. */
  public enum Reason {
    /** The items would not fit into {@link BatchPolicy#maxQueue()}. */
    TOO_MANY_ITEMS,
    /** The items would be answered after their deadline. */
    TOO_LONG_A_WAIT
  }

  private final Reason reason;
  private final Duration estimatedWait;

  private QueueFullException(Reason reason, String message, Duration estimatedWait) {
    super(message);
    this.reason = reason;
    this.estimatedWait = estimatedWait;
  }

  static QueueFullException tooManyItems(int items, int queued, int capacity, Duration wait) {
    return new QueueFullException(
        Reason.TOO_MANY_ITEMS,
        "queue full: %d more items do not fit, %d of %d places are taken, estimated wait %d ms"
            .formatted(items, queued, capacity, wait.toMillis()),
        wait);
  }

  static QueueFullException tooLongAWait(int ahead, Duration wait, Duration remaining) {
    return new QueueFullException(
        Reason.TOO_LONG_A_WAIT,
        "queue too long: estimated wait %d ms behind %d items, deadline in %d ms"
            .formatted(wait.toMillis(), ahead, remaining.toMillis()),
        wait);
  }

  public Reason reason() {
    return reason;
  }

  /** How long the items would have waited for their run; zero while no run has been timed. */
  public Duration estimatedWait() {
    return estimatedWait;
  }

  /** When to try again: after the estimated wait, and not before 10 ms. */
  public Duration retryAfter() {
    return estimatedWait.compareTo(LEAST_RETRY) > 0 ? estimatedWait : LEAST_RETRY;
  }
}
