package dev.facet.gateway.ledger;

import java.util.List;
import java.util.Optional;

/** The audit log in the ledger's database. */
final class SqlAuditLog implements AuditLog {
  private final AuditedWrites writes;
  private final Readers readers;

  SqlAuditLog(AuditedWrites writes, Readers readers) {
    this.writes = writes;
    this.readers = readers;
  }

  @Override
  public void append(List<AuditEntry> entries) {
    writes.append(entries);
  }

  @Override
  public List<AuditRecord> list(Optional<String> tenant, long afterNumber, int limit) {
    return readers.read(handle -> AuditTable.list(handle, tenant, afterNumber, limit));
  }

  @Override
  public AuditHead head() {
    return readers.read(AuditTable::head);
  }
}
