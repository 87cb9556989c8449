package dev.facet.gateway.ledger;

import java.time.Instant;

/** One customer of the cluster. */
public record Tenant(String id, String displayName, Instant created, Instant updated) {}
