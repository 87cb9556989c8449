package dev.facet.gateway.ledger;

import java.time.Instant;
import java.util.Optional;

/**
 * Something hidden whose bytes may still lie in a store.
 *
 * @param collection its {@link FaceCollection#number}
 * @param faceId empty when the whole collection was dropped
 * @param chip the archive's name of the face's picture, if one was kept
 */
public record Tombstone(
    long collection,
    Optional<String> faceId,
    Optional<String> chip,
    long sequence,
    Instant hidden) {}
