package dev.facet.inference.serving;

/** A model was to be unloaded that requests without a name depend on. */
public final class ModelInUseException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ModelInUseException(String message) {
    super(message);
  }
}
