package dev.facet.gateway.ledger;

import dev.facet.gateway.ledger.LedgerRefusal.Reason;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Tenants. */
final class TenantTable {
  private TenantTable() {}

  /** Makes sure that it exists. */
  static int ensure(Handle handle, String id, Instant now) {
    return insert(handle, id, "", now);
  }

  static Tenant create(Handle handle, String id, String displayName, Instant now) {
    if (insert(handle, id, displayName, now) == 0) {
      throw new LedgerRefusal(Reason.TENANT_EXISTS, "there is a tenant " + id + " already");
    }
    return new Tenant(id, displayName, now, now);
  }

  private static int insert(Handle handle, String id, String displayName, Instant now) {
    return handle
        .createUpdate(
            """
            INSERT INTO tenant (tenant_id, display_name, created, updated)
            VALUES (:id, :name, :now, :now)
            ON CONFLICT (tenant_id) DO NOTHING""")
        .bind("id", id)
        .bind("name", displayName)
        .bind("now", Micros.of(now))
        .execute();
  }

  static void require(Handle handle, String id) {
    if (handle
        .select("SELECT 1 FROM tenant WHERE tenant_id = ?", id)
        .mapToMap()
        .findOne()
        .isEmpty()) {
      throw new LedgerRefusal(Reason.TENANT_NOT_FOUND, "there is no tenant " + id);
    }
  }

  static List<Tenant> list(Handle handle, String afterId, int limit) {
    return handle
        .createQuery(
            "SELECT * FROM tenant WHERE tenant_id > :after ORDER BY tenant_id LIMIT :limit")
        .bind("after", afterId)
        .bind("limit", limit)
        .map(
            (row, _) ->
                new Tenant(
                    row.getString("tenant_id"),
                    row.getString("display_name"),
                    Micros.toInstant(row.getLong("created")),
                    Micros.toInstant(row.getLong("updated"))))
        .list();
  }

  /** Its collections are buried as if each had been dropped. */
  static Deletion delete(Handle handle, String id, Instant now) {
    require(handle, id);
    int faces = 0;
    long sequence = ChangeSequence.newest(handle);
    for (FaceCollection collection : CollectionTable.list(handle, id, "", Integer.MAX_VALUE)) {
      Deletion dropped = CollectionTable.drop(handle, collection.key(), true, now);
      faces += dropped.faces();
      sequence = dropped.sequence();
    }
    for (String table : List.of("operation", "request", "api_key", "tenant")) {
      handle.execute("DELETE FROM " + table + " WHERE tenant_id = ?", id);
    }
    return new Deletion(faces, sequence, now);
  }
}
