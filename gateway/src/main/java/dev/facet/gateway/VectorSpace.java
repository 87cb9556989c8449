package dev.facet.gateway;

import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.ModelId;
import java.util.Optional;

/**
 * Faces that may be compared with each other: all made by one model, in one collection where a call
 * is about one.
 *
 * @param threshold squared distance up to which two faces are one person here
 */
record VectorSpace(
    ModelId model, int dimension, float threshold, Optional<FaceCollection> collection) {

  static VectorSpace of(FaceCollection collection) {
    return new VectorSpace(
        collection.model(),
        collection.dimension(),
        collection.details().matchThreshold(),
        Optional.of(collection));
  }

  static VectorSpace of(EmbeddingModel model) {
    return new VectorSpace(model.id(), model.dimension(), model.matchThreshold(), Optional.empty());
  }
}
