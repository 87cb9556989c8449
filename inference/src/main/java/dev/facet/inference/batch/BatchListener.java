package dev.facet.inference.batch;

/**
 * Hears what a batcher does, to be turned into metrics. Called outside the batcher's lock, on
 * runner and client threads at once; must be quick and must not block. The queue's depth is asked
 * for instead: {@link Batcher#queued}.
 */
public interface BatchListener {

  /** Hears nothing. */
  BatchListener SILENT = new BatchListener() {};

  /**
   * A batch was run to the end.
   *
   * @param items its size
   * @param reruns further model runs that were needed to find items the model fails on
   * @param nanos from the start of the first run to the end of the last
   */
  default void ran(int items, int reruns, long nanos) {}

  /** An accepted item ended. Told before the {@link Submission#await} that waits for it returns. */
  default void ended(Priority priority, Outcome outcome, BatchTiming timing) {}

  /**
   * The device had no memory for a batch.
   *
   * @param items most that are run together from now on
   */
  default void limited(int items) {}

  /** A submission of so many items was refused at the door. */
  default void refused(Priority priority, int items, QueueFullException.Reason reason) {}
}
