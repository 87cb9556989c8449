package dev.facet.gateway.ledger;

import dev.facet.gateway.ledger.LedgerRefusal.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Keys of tenants; never a secret. */
final class ApiKeyTable {
  private static final String ALIVE = " revoked IS NULL AND (expires IS NULL OR expires > :now)";

  private ApiKeyTable() {}

  static ApiKey create(Handle handle, NewApiKey key, Instant now) {
    TenantTable.require(handle, key.tenant());
    handle
        .createUpdate(
            """
            INSERT INTO api_key (
              key_id, tenant_id, sha256, display_name, scopes, calls_per_second, burst,
              concurrent_calls, expires, revoked, used, created, updated)
            VALUES (
              :id, :tenant, :sha256, :name, :scopes, :rate, :burst,
              :concurrent, :expires, NULL, NULL, :now, :now)""")
        .bind("id", key.id())
        .bind("tenant", key.tenant())
        .bind("sha256", key.sha256())
        .bind("name", key.displayName())
        .bind(
            "scopes",
            key.scopes().stream().sorted().map(Enum::name).collect(Collectors.joining(" ")))
        .bind("rate", key.quota().callsPerSecond())
        .bind("burst", key.quota().burst())
        .bind("concurrent", key.quota().concurrentCalls())
        .bind("expires", key.expires().map(Micros::of))
        .bind("now", Micros.of(now))
        .execute();
    return find(handle, key.tenant(), key.id()).orElseThrow();
  }

  static boolean createFirst(Handle handle, NewApiKey key, Instant now) {
    boolean known =
        handle
            .createQuery("SELECT key_id FROM api_key WHERE key_id = :id")
            .bind("id", key.id())
            .mapTo(String.class)
            .findOne()
            .isPresent();
    if (known || hasAdministrator(handle, key.tenant(), now)) {
      return false;
    }
    var _ = create(handle, key, now);
    return true;
  }

  static boolean hasAdministrator(Handle handle, String tenant, Instant now) {
    return handle
        .createQuery("SELECT * FROM api_key WHERE tenant_id = :tenant AND" + ALIVE)
        .bind("tenant", tenant)
        .bind("now", Micros.of(now))
        .map((row, _) -> read(row))
        .stream()
        .anyMatch(key -> key.scopes().contains(Scope.ADMIN));
  }

  static Optional<ApiKey> find(Handle handle, String tenant, String id) {
    return handle
        .createQuery("SELECT * FROM api_key WHERE tenant_id = :tenant AND key_id = :id")
        .bind("tenant", tenant)
        .bind("id", id)
        .map((row, _) -> read(row))
        .findOne();
  }

  static List<ApiKey> list(Handle handle, String tenant) {
    TenantTable.require(handle, tenant);
    return handle
        .createQuery("SELECT * FROM api_key WHERE tenant_id = :tenant ORDER BY key_id")
        .bind("tenant", tenant)
        .map((row, _) -> read(row))
        .list();
  }

  static List<ApiKey> living(Handle handle, Instant now) {
    return handle
        .createQuery("SELECT * FROM api_key WHERE" + ALIVE)
        .bind("now", Micros.of(now))
        .map((row, _) -> read(row))
        .list();
  }

  static ApiKey replace(
      Handle handle, String tenant, String id, NewApiKey by, Duration overlap, Instant now) {
    ApiKey old = find(handle, tenant, id).filter(key -> key.isAlive(now)).orElseThrow(notFound(id));
    var _ = create(handle, by, now);
    Instant end = now.plus(overlap);
    if (old.expires().isEmpty() || old.expires().get().isAfter(end)) {
      handle
          .createUpdate("UPDATE api_key SET expires = :end, updated = :now WHERE key_id = :id")
          .bind("end", Micros.of(end))
          .bind("now", Micros.of(now))
          .bind("id", id)
          .execute();
    }
    return find(handle, tenant, id).orElseThrow();
  }

  static ApiKey revoke(Handle handle, String tenant, String id, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE api_key SET revoked = :now, updated = :now
            WHERE tenant_id = :tenant AND key_id = :id AND revoked IS NULL""")
        .bind("tenant", tenant)
        .bind("id", id)
        .bind("now", Micros.of(now))
        .execute();
    return find(handle, tenant, id).orElseThrow(notFound(id));
  }

  static int used(Handle handle, Map<String, Instant> times) {
    int changed = 0;
    for (Map.Entry<String, Instant> time : times.entrySet()) {
      changed +=
          handle
              .createUpdate(
                  """
                  UPDATE api_key SET used = :time
                  WHERE key_id = :id AND (used IS NULL OR used < :time)""")
              .bind("id", time.getKey())
              .bind("time", Micros.of(time.getValue()))
              .execute();
    }
    return changed;
  }

  private static Supplier<LedgerRefusal> notFound(String id) {
    return () -> new LedgerRefusal(Reason.API_KEY_NOT_FOUND, "there is no key " + id);
  }

  private static ApiKey read(ResultSet row) throws SQLException {
    return new ApiKey(
        row.getString("key_id"),
        row.getString("tenant_id"),
        row.getString("sha256"),
        row.getString("display_name"),
        Arrays.stream(row.getString("scopes").split(" "))
            .map(Scope::valueOf)
            .collect(Collectors.toSet()),
        new Quota(
            row.getDouble("calls_per_second"), row.getInt("burst"), row.getInt("concurrent_calls")),
        time(row, "expires"),
        time(row, "revoked"),
        time(row, "used"),
        Micros.toInstant(row.getLong("created")),
        Micros.toInstant(row.getLong("updated")));
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Micros.toInstant(micros));
  }
}
