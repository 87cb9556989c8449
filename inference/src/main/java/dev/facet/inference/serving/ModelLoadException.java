package dev.facet.inference.serving;

/** A version could not be brought into service; the message says why, without path or address. */
public final class ModelLoadException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ModelLoadException(String message, Throwable cause) {
    super(message, cause);
  }
}
