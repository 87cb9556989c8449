package dev.facet.inference.batch;

/** What an idle runner does about the queued items of one shape: run some now, or come back. */
sealed interface Decision {

  /** Run so many of them now. */
  record Run(int items) implements Decision {}

  /** A batch is not due before so many nanoseconds. */
  record Wait(long nanos) implements Decision {}

  /**
   * Decides: a full batch runs, and so does any batch whose oldest item has waited long enough.
   * Knows no thread and no clock.
   *
   * @param maxBatch most items in one run
   * @param queued items of the shape, at least 1
   * @param dueNanos when the first of them has waited for company long enough: its enqueue time
   *     plus the policy's delay, on the scale of {@code nowNanos}
   * @param nowNanos the present, as from {@link System#nanoTime}
   */
  static Decision of(int maxBatch, int queued, long dueNanos, long nowNanos) {
    long wait = dueNanos - nowNanos;
    return queued >= maxBatch || wait <= 0 ? new Run(Math.min(queued, maxBatch)) : new Wait(wait);
  }
}
