package dev.facet.inference.batch;

/** Who is waiting for an item: a person, or a job. */
public enum Priority {
  /** Somebody waits for the answer. */
  INTERACTIVE,
  /**
   * A long job; gives way to interactive items until it has waited {@link
   * BatchPolicy#bulkPatience()}.
   */
  BULK
}
