package dev.facet.gateway.ledger;

/**
 * A request that must not act twice, remembered for 24 hours.
 *
 * @param requestId the caller's, unique within the tenant
 * @param sha256 digest of the request: the same id with another digest is refused
 * @param answer handed back with a replay; the ledger does not look into it. Shared, never changed.
 */
@SuppressWarnings("ArrayRecordComponent")
public record RequestRecord(String requestId, String sha256, byte[] answer) {
  /**
   * @throws LedgerRefusal INVALID_ID
   */
  public RequestRecord {
    Ids.check("request_id", requestId);
  }
}
