package dev.facet.gateway.ledger;

import java.time.Instant;

/**
 * Faces hidden from every answer.
 *
 * @param faces how many were alive until now
 * @param sequence of the newest change
 * @param hidden when: now, or by an earlier call
 */
public record Deletion(int faces, long sequence, Instant hidden) {}
