package dev.facet.gateway.gallery;

import dev.facet.gateway.ledger.FaceKeys;
import dev.facet.gateway.ledger.ModelId;
import dev.facet.gateway.ledger.UnitVector;
import java.util.Optional;

/**
 * What a gallery is asked.
 *
 * @param model that made the vector
 * @param limit at most this many hits, at least 1
 * @param maxSquaredDistance only hits at most this far; {@link Float#POSITIVE_INFINITY} for all
 * @param among only these faces take part; all when empty
 */
public record Query(
    UnitVector vector,
    ModelId model,
    int limit,
    float maxSquaredDistance,
    Optional<FaceKeys> among) {}
