package dev.facet.gateway;

import dev.facet.bootstrap.RequestChecks;
import dev.facet.gateway.access.Caller;
import dev.facet.gateway.access.KeySecret;
import dev.facet.gateway.ledger.ApiKey;
import dev.facet.gateway.ledger.NewApiKey;
import dev.facet.gateway.ledger.Quota;
import dev.facet.gateway.ledger.Scope;
import dev.facet.gateway.ledger.Tenants;
import dev.facet.proto.v1.CreateApiKeyRequest;
import dev.facet.proto.v1.CreateApiKeyResponse;
import dev.facet.proto.v1.ListApiKeysRequest;
import dev.facet.proto.v1.ListApiKeysResponse;
import dev.facet.proto.v1.RevokeApiKeyRequest;
import dev.facet.proto.v1.RevokeApiKeyResponse;
import dev.facet.proto.v1.RotateApiKeyRequest;
import dev.facet.proto.v1.RotateApiKeyResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * The calls about keys.
 *
 * <p>Administrators of a tenant see their own only; the operator sees all. And no key gives what it
 * has not: a new or rotated one has at most the scopes, the time and the quota of the one that
 * makes it, so that no chain of calls ends in more than it began with.
 */
final class ApiKeyService {
  private static final Duration OVERLAP = Duration.ofHours(24);
  private static final Duration LONGEST_OVERLAP = Duration.ofDays(90);

  private final Tenants tenants;
  private final InstantSource clock;

  ApiKeyService(Tenants tenants, InstantSource clock) {
    this.tenants = tenants;
    this.clock = clock;
  }

  CreateApiKeyResponse create(CreateApiKeyRequest request) {
    RequestChecks checks =
        new RequestChecks()
            .optionalId("tenant_id", request.getTenantId())
            .text("display_name", request.getDisplayName());
    AccessMessages.checkScopes(checks, request.getScopesList());
    AccessMessages.checkQuota(checks, request.getQuota());
    Optional<Instant> expires =
        AccessMessages.instant(request.hasExpireTime(), request.getExpireTime());
    checkExpiry(checks, expires);
    checks.done();
    Caller maker = Caller.current();
    String tenant = tenant(request.getTenantId());
    Quota quota = request.hasQuota() ? AccessMessages.quota(request.getQuota()) : maker.quota();
    KeySecret secret = KeySecret.fresh();
    NewApiKey key =
        new NewApiKey(
            secret.id(),
            tenant,
            secret.sha256(),
            request.getDisplayName(),
            AccessMessages.scopes(request.getScopesList()),
            quota,
            expires.or(maker::expires));
    requireNoMoreThan(maker, key.scopes(), key.quota(), key.expires());
    return CreateApiKeyResponse.newBuilder()
        .setKey(AccessMessages.key(tenants.createKey(key)))
        .setSecret(secret.reveal())
        .build();
  }

  ListApiKeysResponse list(ListApiKeysRequest request) {
    new RequestChecks().optionalId("tenant_id", request.getTenantId()).done();
    return ListApiKeysResponse.newBuilder()
        .addAllKeys(
            tenants.keys(tenant(request.getTenantId())).stream().map(AccessMessages::key).toList())
        .build();
  }

  RotateApiKeyResponse rotate(RotateApiKeyRequest request) {
    RequestChecks checks = checks(request.getTenantId(), request.getKeyId());
    Duration overlap =
        request.hasOverlap() ? AccessMessages.duration(request.getOverlap()) : OVERLAP;
    checks.expect(
        !overlap.isNegative() && overlap.compareTo(LONGEST_OVERLAP) <= 0,
        "overlap",
        "must be from 0 to %d days".formatted(LONGEST_OVERLAP.toDays()));
    Optional<Instant> expires =
        AccessMessages.instant(request.hasExpireTime(), request.getExpireTime());
    checkExpiry(checks, expires);
    checks.done();
    Caller maker = Caller.current();
    String tenant = tenant(request.getTenantId());
    ApiKey old = tenants.key(tenant, request.getKeyId()).orElseThrow(NotFound::key);
    KeySecret secret = KeySecret.fresh();
    NewApiKey key =
        new NewApiKey(
            secret.id(),
            tenant,
            secret.sha256(),
            old.displayName(),
            old.scopes(),
            old.quota(),
            expires.or(maker::expires));
    requireNoMoreThan(maker, key.scopes(), key.quota(), key.expires());
    ApiKey replaced = tenants.replaceKey(tenant, old.id(), key, overlap);
    return RotateApiKeyResponse.newBuilder()
        .setKey(AccessMessages.key(tenants.key(tenant, key.id()).orElseThrow(NotFound::key)))
        .setSecret(secret.reveal())
        .setReplaced(AccessMessages.key(replaced))
        .build();
  }

  RevokeApiKeyResponse revoke(RevokeApiKeyRequest request) {
    checks(request.getTenantId(), request.getKeyId()).done();
    var _ = tenants.revokeKey(tenant(request.getTenantId()), request.getKeyId());
    return RevokeApiKeyResponse.getDefaultInstance();
  }

  private static RequestChecks checks(String tenantId, String keyId) {
    return new RequestChecks().optionalId("tenant_id", tenantId).id("key_id", keyId);
  }

  private void checkExpiry(RequestChecks checks, Optional<Instant> expires) {
    checks.expect(
        expires.filter(end -> !end.isAfter(clock.instant())).isEmpty(),
        "expire_time",
        "must be in the future");
  }

  /** The tenant meant; another than the caller's own is not there, unless for the operator. */
  private static String tenant(String asked) {
    Caller caller = Caller.current();
    if (asked.isEmpty() || asked.equals(caller.tenant())) {
      return caller.tenant();
    }
    if (!caller.isOperator()) {
      throw NotFound.tenant(asked);
    }
    return asked;
  }

  private static void requireNoMoreThan(
      Caller maker, Set<Scope> scopes, Quota quota, Optional<Instant> expires) {
    if (!maker.scopes().containsAll(scopes)) {
      throw TenantService.denied("a key can give no scope that it has not");
    }
    if (!quota.isWithin(maker.quota())) {
      throw TenantService.denied("a key can give no quota beyond its own");
    }
    if (maker.expires().isPresent()
        && (expires.isEmpty() || expires.get().isAfter(maker.expires().get()))) {
      throw TenantService.denied("a key can make none that outlives it");
    }
  }
}
