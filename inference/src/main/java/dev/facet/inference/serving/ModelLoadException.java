package dev.facet.inference.serving;

import org.jspecify.annotations.Nullable;

/** A version could not be brought into service; the message says why, without path or address. */
public final class ModelLoadException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ModelLoadException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
