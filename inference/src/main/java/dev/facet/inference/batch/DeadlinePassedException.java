package dev.facet.inference.batch;

/** The deadline of a submission passed before all of its items were answered. */
public final class DeadlinePassedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DeadlinePassedException(long answered, int items) {
    super("deadline passed with %d of %d items answered".formatted(answered, items));
  }
}
