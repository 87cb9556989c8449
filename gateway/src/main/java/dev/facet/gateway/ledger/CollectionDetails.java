package dev.facet.gateway.ledger;

import java.time.Duration;
import java.util.Optional;

/**
 * What may be changed about a collection.
 *
 * @param matchThreshold squared distance up to which two faces are one person, 0 to 4
 * @param faceTtl faces are deleted this long after their creation; kept for ever when empty
 * @param metadata a JSON object
 */
public record CollectionDetails(
    String displayName, float matchThreshold, Optional<Duration> faceTtl, String metadata) {}
