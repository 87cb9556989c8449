package dev.facet.inference.batch;

/** The batcher is closing: it takes no more items, or could not run all it had. */
public final class BatcherClosedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BatcherClosedException(String batcher) {
    super("batcher %s is closed".formatted(batcher));
  }
}
