package dev.facet.gateway.gallery;

import dev.facet.gateway.ledger.FaceFilter;
import dev.facet.gateway.ledger.ModelId;
import dev.facet.gateway.ledger.UnitVector;

/**
 * A search among enrolled faces.
 *
 * @param model that made the vector
 * @param limit at most this many matches, at least 1
 * @param maxSquaredDistance only faces at most this far; {@link Float#POSITIVE_INFINITY} for all
 * @param distinctSubjects of each subject only the nearest face
 */
public record FaceQuery(
    UnitVector vector,
    ModelId model,
    int limit,
    float maxSquaredDistance,
    boolean distinctSubjects,
    FaceFilter filter) {}
