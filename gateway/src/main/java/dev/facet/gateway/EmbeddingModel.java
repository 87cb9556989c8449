package dev.facet.gateway;

import dev.facet.gateway.ledger.ModelId;

/**
 * A version of an embedding model that the embedder behind this gateway serves.
 *
 * @param current whether it is what its name means
 * @param standard used when a caller names none
 * @param dimension length of a vector
 * @param matchThreshold squared distance up to which two faces are one person, by default
 */
record EmbeddingModel(
    ModelId id,
    boolean current,
    boolean standard,
    CropSpec cropSpec,
    int dimension,
    float matchThreshold) {}
