package dev.facet.gateway.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;

/** Tenants and keys in the ledger's database. */
final class SqlTenants implements Tenants {
  private final GroupCommit writes;
  private final AuditedWrites audited;
  private final Readers readers;
  private final InstantSource clock;

  SqlTenants(GroupCommit writes, AuditedWrites audited, Readers readers, InstantSource clock) {
    this.writes = writes;
    this.audited = audited;
    this.readers = readers;
    this.clock = clock;
  }

  @Override
  public Tenant create(String id, String displayName) {
    Ids.check("tenant_id", id);
    return change(
        "CreateTenant",
        "tenant:" + id,
        (handle, now) -> TenantTable.create(handle, id, displayName, now));
  }

  @Override
  public List<Tenant> list(String afterId, int limit) {
    return readers.read(handle -> TenantTable.list(handle, afterId, limit));
  }

  @Override
  public Deletion delete(String id) {
    return change(
        "DeleteTenant", "tenant:" + id, (handle, now) -> TenantTable.delete(handle, id, now));
  }

  @Override
  public ApiKey createKey(NewApiKey key) {
    return change(
        "CreateApiKey", words(key), (handle, now) -> ApiKeyTable.create(handle, key, now));
  }

  @Override
  public boolean createFirstKey(NewApiKey key) {
    return writes.commit(
        handle -> {
          boolean created = ApiKeyTable.createFirst(handle, key, now());
          if (created) {
            var _ = FactTable.raiseAccess(handle);
          }
          return created;
        },
        created ->
            created
                ? Optional.of(new AuditEntry(key.tenant(), "", "CreateApiKey", words(key), "OK"))
                : Optional.empty());
  }

  @Override
  public boolean hasAdministrator(String tenant) {
    return readers.read(handle -> ApiKeyTable.hasAdministrator(handle, tenant, now()));
  }

  @Override
  public Optional<ApiKey> key(String tenant, String id) {
    return readers.read(handle -> ApiKeyTable.find(handle, tenant, id));
  }

  @Override
  public List<ApiKey> keys(String tenant) {
    return readers.read(handle -> ApiKeyTable.list(handle, tenant));
  }

  @Override
  public ApiKey replaceKey(String tenant, String id, NewApiKey by, Duration overlap) {
    return change(
        "RotateApiKey",
        words(by) + " replaced:" + id,
        (handle, now) -> ApiKeyTable.replace(handle, tenant, id, by, overlap, now));
  }

  @Override
  public ApiKey revokeKey(String tenant, String id) {
    return change(
        "RevokeApiKey",
        "tenant:%s key:%s".formatted(tenant, id),
        (handle, now) -> ApiKeyTable.revoke(handle, tenant, id, now));
  }

  @Override
  public List<ApiKey> livingKeys() {
    return readers.read(handle -> ApiKeyTable.living(handle, now()));
  }

  @Override
  public long revision() {
    return readers.read(FactTable::access);
  }

  @Override
  public void used(Map<String, Instant> times) {
    writes.commit(handle -> ApiKeyTable.used(handle, times));
  }

  private <T> T change(String action, String objects, BiFunction<Handle, Instant, T> unit) {
    return audited.commit(
        action,
        objects,
        (handle, now) -> {
          T result = unit.apply(handle, now);
          var _ = FactTable.raiseAccess(handle);
          return result;
        });
  }

  private static String words(NewApiKey key) {
    return "tenant:%s key:%s".formatted(key.tenant(), key.id());
  }

  private Instant now() {
    return Micros.now(clock);
  }
}
