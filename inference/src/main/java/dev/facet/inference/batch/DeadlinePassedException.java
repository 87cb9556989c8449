package dev.facet.inference.batch;

/** A deadline passed before everything was answered. */
public final class DeadlinePassedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** While something else than a batch was waited for. */
  public DeadlinePassedException(String message) {
    super(message);
  }

  DeadlinePassedException(long answered, int items) {
    super("deadline passed with %d of %d items answered".formatted(answered, items));
  }
}
