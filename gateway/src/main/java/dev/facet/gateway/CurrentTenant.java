package dev.facet.gateway;

import dev.facet.gateway.ledger.CollectionKey;

/** Whose call this is: one tenant's, until calls carry credentials. */
final class CurrentTenant {
  static final String DEFAULT = "default";

  private CurrentTenant() {}

  static String id() {
    return DEFAULT;
  }

  /** The tenant's collection of that name; another tenant's is another. */
  static CollectionKey key(String collectionId) {
    return new CollectionKey(id(), collectionId);
  }
}
