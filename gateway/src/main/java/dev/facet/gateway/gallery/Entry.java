package dev.facet.gateway.gallery;

import dev.facet.gateway.ledger.UnitVector;

/** A face as the gallery knows it. */
public record Entry(String faceId, UnitVector vector) {}
