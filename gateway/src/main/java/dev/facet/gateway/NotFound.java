package dev.facet.gateway;

import dev.facet.gateway.ledger.LedgerRefusal;
import dev.facet.gateway.ledger.LedgerRefusal.Reason;

/** The refusals for ids that name nothing here, or nothing any more. */
final class NotFound {
  private NotFound() {}

  static LedgerRefusal collection() {
    return new LedgerRefusal(Reason.COLLECTION_NOT_FOUND, "there is no such collection");
  }

  static LedgerRefusal subject() {
    return new LedgerRefusal(Reason.SUBJECT_NOT_FOUND, "there is no such subject");
  }

  static LedgerRefusal face() {
    return new LedgerRefusal(Reason.FACE_NOT_FOUND, "there is no such face");
  }

  static LedgerRefusal tenant(String id) {
    return new LedgerRefusal(Reason.TENANT_NOT_FOUND, "there is no tenant " + id);
  }

  static LedgerRefusal key() {
    return new LedgerRefusal(Reason.API_KEY_NOT_FOUND, "there is no such key");
  }

  static LedgerRefusal operation() {
    return new LedgerRefusal(Reason.OPERATION_NOT_FOUND, "there is no such operation");
  }
}
