package dev.facet.gateway;

import dev.facet.gateway.access.Caller;
import dev.facet.gateway.ledger.CollectionKey;

/** Whose call this is. */
final class CurrentTenant {
  private CurrentTenant() {}

  static String id() {
    return Caller.current().tenant();
  }

  /** The tenant's collection of that name; another tenant's is another. */
  static CollectionKey key(String collectionId) {
    return new CollectionKey(id(), collectionId);
  }
}
