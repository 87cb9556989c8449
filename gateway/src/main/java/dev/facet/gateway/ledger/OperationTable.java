package dev.facet.gateway.ledger;

import dev.facet.gateway.ledger.LedgerRefusal.Reason;
import dev.facet.gateway.ledger.Operation.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jdbi.v3.core.Handle;

/** Long jobs. */
final class OperationTable {
  private static final String UNDER_WAY = "state IN ('PENDING', 'RUNNING')";
  private static final byte[] NOTHING = {};
  private static final int TIME_DIGITS = 12;

  private OperationTable() {}

  static Operation begin(
      Handle handle, String tenant, String kind, String collectionId, Instant now) {
    TenantTable.require(handle, tenant);
    requireNoneLike(handle, tenant, kind, collectionId);
    Operation operation =
        new Operation(
            freshId(now),
            tenant,
            kind,
            collectionId,
            State.PENDING,
            1,
            0,
            0,
            false,
            NOTHING,
            NOTHING,
            now,
            now);
    handle
        .createUpdate(
            """
            INSERT INTO operation (
              operation_id, tenant_id, kind, collection_id, state, revision, done_items,
              total_items, cancelled, error, result, heartbeat, created, updated)
            VALUES (
              :id, :tenant, :kind, :collection, :state, 1, 0,
              0, 0, :nothing, :nothing, 0, :now, :now)""")
        .bind("id", operation.id())
        .bind("tenant", tenant)
        .bind("kind", kind)
        .bind("collection", collectionId)
        .bind("state", State.PENDING.name())
        .bind("nothing", NOTHING)
        .bind("now", Micros.of(now))
        .execute();
    return operation;
  }

  private static void requireNoneLike(
      Handle handle, String tenant, String kind, String collectionId) {
    handle
        .createQuery(
            """
            SELECT operation_id FROM operation
            WHERE tenant_id = :tenant AND kind = :kind AND collection_id = :collection AND
            """
                + UNDER_WAY)
        .bind("tenant", tenant)
        .bind("kind", kind)
        .bind("collection", collectionId)
        .mapTo(String.class)
        .findFirst()
        .ifPresent(
            id -> {
              throw new LedgerRefusal(
                  Reason.OPERATION_RUNNING, "the operation %s does this already".formatted(id));
            });
  }

  /** Hex digits: the time, so that ids have its order, and a random part. */
  private static String freshId(Instant now) {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(now.toEpochMilli(), TIME_DIGITS)
        + hex.toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  static Optional<Operation> find(Handle handle, String tenant, String id) {
    return handle
        .createQuery("SELECT * FROM operation WHERE tenant_id = :tenant AND operation_id = :id")
        .bind("tenant", tenant)
        .bind("id", id)
        .map((row, _) -> read(row))
        .findOne();
  }

  static List<Operation> list(Handle handle, String tenant, String beforeId, int limit) {
    return handle
        .createQuery(
            """
            SELECT * FROM operation
            WHERE tenant_id = :tenant AND (operation_id < :before OR :before = '')
            ORDER BY operation_id DESC LIMIT :limit""")
        .bind("tenant", tenant)
        .bind("before", beforeId)
        .bind("limit", limit)
        .map((row, _) -> read(row))
        .list();
  }

  static Operation cancel(Handle handle, String tenant, String id, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE operation SET cancelled = 1, revision = revision + 1, updated = :now
            WHERE tenant_id = :tenant AND operation_id = :id AND cancelled = 0 AND
            """
                + UNDER_WAY)
        .bind("tenant", tenant)
        .bind("id", id)
        .bind("now", Micros.of(now))
        .execute();
    return find(handle, tenant, id)
        .orElseThrow(
            () -> new LedgerRefusal(Reason.OPERATION_NOT_FOUND, "there is no operation " + id));
  }

  /** Only what differs is a change; the heartbeat is none. */
  static boolean report(
      Handle handle, String id, State state, long doneItems, long totalItems, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE operation
            SET state = :state, done_items = :done, total_items = :total, revision = revision + 1,
              updated = :now
            WHERE operation_id = :id
              AND (state <> :state OR done_items <> :done OR total_items <> :total) AND
            """
                + UNDER_WAY)
        .bind("id", id)
        .bind("state", state.name())
        .bind("done", doneItems)
        .bind("total", totalItems)
        .bind("now", Micros.of(now))
        .execute();
    return handle
        .createQuery(
            "UPDATE operation SET heartbeat = heartbeat + 1 WHERE operation_id = :id AND "
                + UNDER_WAY
                + " RETURNING cancelled")
        .bind("id", id)
        .mapTo(Integer.class)
        .findOne()
        .filter(cancelled -> cancelled == 0)
        .isPresent();
  }

  static int end(Handle handle, String id, State state, byte[] error, byte[] result, Instant now) {
    return handle
        .createUpdate(
            """
            UPDATE operation
            SET state = :state, error = :error, result = :result, revision = revision + 1,
              updated = :now
            WHERE operation_id = :id AND
            """
                + UNDER_WAY)
        .bind("id", id)
        .bind("state", state.name())
        .bind("error", error)
        .bind("result", result)
        .bind("now", Micros.of(now))
        .execute();
  }

  static Map<String, Long> heartbeats(Handle handle) {
    return handle
        .createQuery("SELECT operation_id, heartbeat FROM operation WHERE " + UNDER_WAY)
        .reduceRows(
            new HashMap<>(),
            (beats, row) -> {
              beats.put(
                  row.getColumn("operation_id", String.class),
                  row.getColumn("heartbeat", Long.class));
              return beats;
            });
  }

  static boolean failSilent(Handle handle, String id, long heartbeat, byte[] error, Instant now) {
    boolean silent =
        handle
            .createQuery("SELECT heartbeat FROM operation WHERE operation_id = :id")
            .bind("id", id)
            .mapTo(Long.class)
            .findOne()
            .filter(beat -> beat == heartbeat)
            .isPresent();
    return silent && end(handle, id, State.FAILED, error, NOTHING, now) > 0;
  }

  static int forget(Handle handle, Instant before) {
    return handle
        .createUpdate("DELETE FROM operation WHERE updated < :before AND NOT " + UNDER_WAY)
        .bind("before", Micros.of(before))
        .execute();
  }

  private static Operation read(ResultSet row) throws SQLException {
    return new Operation(
        row.getString("operation_id"),
        row.getString("tenant_id"),
        row.getString("kind"),
        row.getString("collection_id"),
        State.valueOf(row.getString("state")),
        row.getLong("revision"),
        row.getLong("done_items"),
        row.getLong("total_items"),
        row.getInt("cancelled") != 0,
        row.getBytes("error"),
        row.getBytes("result"),
        Micros.toInstant(row.getLong("created")),
        Micros.toInstant(row.getLong("updated")));
  }
}
