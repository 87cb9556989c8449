package dev.facet.models;

import java.io.IOException;

/** The cache directory cannot be read or written. */
public final class ModelCacheException extends ModelException {

  private static final long serialVersionUID = 1L;

  ModelCacheException(String message, IOException cause) {
    super(message, cause);
  }
}
