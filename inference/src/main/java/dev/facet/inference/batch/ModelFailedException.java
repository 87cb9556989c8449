package dev.facet.inference.batch;

import org.jspecify.annotations.Nullable;

/** The model failed on one item, run alone, or gave an output that must not be used. */
public final class ModelFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ModelFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
