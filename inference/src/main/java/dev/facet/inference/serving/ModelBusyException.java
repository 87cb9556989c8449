package dev.facet.inference.serving;

/** A version was to be loaded while one of that name is being loaded, or the same one drains. */
public final class ModelBusyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ModelBusyException(String message) {
    super(message);
  }
}
