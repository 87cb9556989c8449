package dev.facet.inference.batch;

/** How an accepted item ended; every accepted item ends exactly once, in one of these. */
public enum Outcome {
  /** The model answered. */
  SUCCEEDED,
  /** The model failed on this item, alone, or gave an output that must not be used. */
  MODEL_FAILED,
  /** The deadline passed first. */
  DEADLINE_PASSED,
  /** The caller withdrew it. */
  CANCELLED,
  /** The batcher closed and could not run it within {@link BatchPolicy#drainTimeout()}. */
  CLOSED
}
