package dev.facet.gateway.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The audit log. Its head stands apart, so that a lost end is noticed. */
final class AuditTable {
  private AuditTable() {}

  /** Continues the chain: one read, one batch and one write, however many records. */
  static int append(Handle handle, List<AuditEntry> entries, Instant now) {
    AuditHead head = head(handle);
    try (PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO audit_record (
              number, time, tenant_id, key_id, action, objects, outcome, previous_sha256, sha256)
            VALUES (
              :number, :time, :tenant, :key, :action, :objects, :outcome, :previous, :sha256)""")) {
      for (AuditEntry entry : entries) {
        AuditRecord record = AuditRecord.next(head, now, entry);
        head = record.head();
        var _ =
            batch
                .bind("number", record.number())
                .bind("time", Micros.of(now))
                .bind("tenant", entry.tenant())
                .bind("key", entry.keyId())
                .bind("action", entry.action())
                .bind("objects", entry.objects())
                .bind("outcome", entry.outcome())
                .bind("previous", record.previousSha256())
                .bind("sha256", record.sha256())
                .add();
      }
      var _ = batch.execute();
    }
    return handle
        .createUpdate("UPDATE audit_head SET number = :number, sha256 = :sha256")
        .bind("number", head.number())
        .bind("sha256", head.sha256())
        .execute();
  }

  static AuditHead head(Handle handle) {
    return handle
        .createQuery("SELECT number, sha256 FROM audit_head")
        .map((row, _) -> new AuditHead(row.getLong("number"), row.getString("sha256")))
        .one();
  }

  static List<AuditRecord> list(Handle handle, Optional<String> tenant, long after, int limit) {
    return handle
        .createQuery(
            """
            SELECT * FROM audit_record
            WHERE number > :after
              AND (:all = 1
                OR (tenant_id = :tenant
                  AND time >= (SELECT created FROM tenant WHERE tenant_id = :tenant)))
            ORDER BY number LIMIT :limit""")
        .bind("after", after)
        .bind("tenant", tenant.orElse(""))
        .bind("all", tenant.isEmpty() ? 1 : 0)
        .bind("limit", limit)
        .map((row, _) -> read(row))
        .list();
  }

  private static AuditRecord read(ResultSet row) throws SQLException {
    return new AuditRecord(
        row.getLong("number"),
        Micros.toInstant(row.getLong("time")),
        new AuditEntry(
            row.getString("tenant_id"),
            row.getString("key_id"),
            row.getString("action"),
            row.getString("objects"),
            row.getString("outcome")),
        row.getString("previous_sha256"),
        row.getString("sha256"));
  }
}
