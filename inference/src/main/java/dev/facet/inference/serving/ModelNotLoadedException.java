package dev.facet.inference.serving;

/** A request names a model that no call can have here. */
public final class ModelNotLoadedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ModelNotLoadedException(String message) {
    super(message);
  }
}
