package dev.facet.models;

import java.io.IOException;
import java.nio.file.Path;

/** The cache directory cannot be read or written. */
public final class ModelCacheException extends ModelException {

  private static final long serialVersionUID = 1L;

  ModelCacheException(String what, Path path, IOException cause) {
    super("%s %s: %s".formatted(what, path, cause), cause);
  }
}
