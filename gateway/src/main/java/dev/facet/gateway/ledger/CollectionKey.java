package dev.facet.gateway.ledger;

/** The name of a collection among all tenants'. */
public record CollectionKey(String tenant, String collectionId) {
  /**
   * @throws LedgerRefusal INVALID_ID
   */
  public CollectionKey {
    Ids.check("tenant_id", tenant);
    Ids.check("collection_id", collectionId);
  }
}
