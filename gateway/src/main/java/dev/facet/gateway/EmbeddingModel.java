package dev.facet.gateway;

import dev.facet.gateway.ledger.ModelId;

/**
 * An embedding model of the embedder behind this gateway.
 *
 * @param standard used when a caller names none
 * @param dimension length of a vector
 * @param matchThreshold squared distance up to which two faces are one person, by default
 */
record EmbeddingModel(
    ModelId id, boolean standard, CropSpec cropSpec, int dimension, float matchThreshold) {}
