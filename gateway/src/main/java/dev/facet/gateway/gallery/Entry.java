package dev.facet.gateway.gallery;

import dev.facet.gateway.ledger.UnitVector;

/**
 * A face as the gallery knows it.
 *
 * @param key the ledger's sequence number of the change that enrolled the face. No other face of
 *     any collection ever has it, nor the same face enrolled again, so a key stands for one vector
 *     for ever.
 */
public record Entry(long key, UnitVector vector) {}
