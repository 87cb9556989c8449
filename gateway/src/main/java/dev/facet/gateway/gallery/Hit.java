package dev.facet.gateway.gallery;

/** A face near a query, as the gallery knows it: it may be dead in the ledger. */
public record Hit(String faceId, float squaredDistance) {}
