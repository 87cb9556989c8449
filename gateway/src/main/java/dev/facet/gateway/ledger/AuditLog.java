package dev.facet.gateway.ledger;

import java.util.List;
import java.util.Optional;

/**
 * What was done, in a chain of records, each with the digest of the one before. Whatever is changed
 * through the ledger on behalf of an {@link Actor} is recorded in the same transaction; this is how
 * it is read, and how the rest is written.
 */
public interface AuditLog {

  /** Records something that changes nothing else in the ledger. */
  void append(List<AuditEntry> entries);

  /**
   * Records after the number, in its order.
   *
   * @param tenant only this one's, and nothing of a tenant of before that had its id
   */
  List<AuditRecord> list(Optional<String> tenant, long afterNumber, int limit);

  AuditHead head();
}
