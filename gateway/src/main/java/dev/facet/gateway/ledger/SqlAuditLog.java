package dev.facet.gateway.ledger;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The audit log in the ledger's database. */
final class SqlAuditLog implements AuditLog {
  private final AuditedWrites writes;
  private final Jdbi readers;

  SqlAuditLog(AuditedWrites writes, Jdbi readers) {
    this.writes = writes;
    this.readers = readers;
  }

  @Override
  public void append(List<AuditEntry> entries) {
    writes.append(entries);
  }

  @Override
  public List<AuditRecord> list(Optional<String> tenant, long afterNumber, int limit) {
    return read(handle -> AuditTable.list(handle, tenant, afterNumber, limit));
  }

  @Override
  public AuditHead head() {
    return read(AuditTable::head);
  }

  private <T> T read(Function<Handle, T> query) {
    try {
      return readers.withHandle(query::apply);
    } catch (RuntimeException e) {
      throw SqlFailure.translated(e);
    }
  }
}
