package dev.facet.gateway.ledger;

import java.time.Instant;
import java.util.Optional;

/**
 * A collection in numbers.
 *
 * @param images faces whose picture is kept
 * @param sequence of its newest change, 0 when there was none
 */
public record Statistics(
    long subjects, long faces, long images, long sequence, Optional<Instant> newestFace) {}
