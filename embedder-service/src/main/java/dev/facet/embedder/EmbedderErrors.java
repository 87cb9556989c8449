package dev.facet.embedder;

import dev.facet.bootstrap.ErrorTable;
import dev.facet.serving.ServingErrors;

/** What callers of the embedder are told when a crop gets no vector. */
final class EmbedderErrors {
  static final ErrorTable TABLE = ServingErrors.table("crop");

  private EmbedderErrors() {}
}
