package dev.facet.gateway.gallery;

/**
 * A face near a query, as the gallery knows it: it may be dead in the ledger.
 *
 * @param key of its {@link Entry}
 */
public record Hit(long key, float squaredDistance) {}
