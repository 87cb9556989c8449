package dev.facet.inference.serving;

/** The service is ending: its models are no longer to be had. */
public final class ModelsClosedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ModelsClosedException(String message) {
    super(message);
  }
}
