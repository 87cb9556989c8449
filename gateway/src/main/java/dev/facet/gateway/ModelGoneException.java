package dev.facet.gateway;

import dev.facet.gateway.ledger.ModelId;
import java.io.Serial;

/** The embedder does not have, or no longer has, exactly the model whose vectors are needed. */
final class ModelGoneException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  ModelGoneException(ModelId model) {
    super("the embedder does not have the model %s %s".formatted(model.name(), model.version()));
  }
}
