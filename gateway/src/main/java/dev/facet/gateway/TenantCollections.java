package dev.facet.gateway;

import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;

/** The collections of the current tenant, by their ids. */
record TenantCollections(Ledger ledger) {

  /** The collection of that id. Error: {@code COLLECTION_NOT_FOUND}. */
  FaceCollection named(String collectionId) {
    return ledger.collection(CurrentTenant.key(collectionId)).orElseThrow(NotFound::collection);
  }

  /** The same, with its time taken. */
  FaceCollection named(String collectionId, Call call) {
    return call.time(Stage.LEDGER, () -> named(collectionId));
  }
}
