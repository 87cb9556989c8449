package dev.facet.gateway;

import com.google.protobuf.Timestamp;
import dev.facet.bootstrap.RequestChecks;
import dev.facet.gateway.ledger.AuditHead;
import dev.facet.gateway.ledger.AuditRecord;
import dev.facet.gateway.ledger.Quota;
import dev.facet.gateway.ledger.Scope;
import dev.facet.gateway.ledger.Tenant;
import dev.facet.proto.v1.ApiKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Tenants, keys and audit records as messages of the contract. */
final class AccessMessages {
  private static final String PREFIX = "SCOPE_";
  private static final int MOST_AT_ONCE = 1_000_000;
  private static final long MOST_SECONDS = 1L << 40; // what a Duration holds and arithmetic bears

  private AccessMessages() {}

  static dev.facet.proto.v1.Tenant tenant(Tenant tenant) {
    return dev.facet.proto.v1.Tenant.newBuilder()
        .setTenantId(tenant.id())
        .setDisplayName(tenant.displayName())
        .setCreateTime(ResourceMessages.timestamp(tenant.created()))
        .setUpdateTime(ResourceMessages.timestamp(tenant.updated()))
        .build();
  }

  static ApiKey key(dev.facet.gateway.ledger.ApiKey key) {
    ApiKey.Builder message =
        ApiKey.newBuilder()
            .setKeyId(key.id())
            .setTenantId(key.tenant())
            .setDisplayName(key.displayName())
            .setCreateTime(ResourceMessages.timestamp(key.created()))
            .setUpdateTime(ResourceMessages.timestamp(key.updated()));
    key.scopes().stream()
        .sorted()
        .map(scope -> dev.facet.proto.v1.Scope.valueOf(PREFIX + scope.name()))
        .forEach(message::addScopes);
    key.expires().map(ResourceMessages::timestamp).ifPresent(message::setExpireTime);
    key.revoked().map(ResourceMessages::timestamp).ifPresent(message::setRevokeTime);
    key.used().map(ResourceMessages::timestamp).ifPresent(message::setLastUseTime);
    if (!key.quota().equals(Quota.NONE)) {
      message.setQuota(
          dev.facet.proto.v1.Quota.newBuilder()
              .setCallsPerSecond(key.quota().callsPerSecond())
              .setBurst(key.quota().burst())
              .setConcurrentCalls(key.quota().concurrentCalls()));
    }
    return message.build();
  }

  static dev.facet.proto.v1.AuditRecord record(AuditRecord record) {
    return dev.facet.proto.v1.AuditRecord.newBuilder()
        .setNumber(record.number())
        .setTime(ResourceMessages.timestamp(record.time()))
        .setTenantId(record.entry().tenant())
        .setKeyId(record.entry().keyId())
        .setAction(record.entry().action())
        .setObjects(record.entry().objects())
        .setOutcome(record.entry().outcome())
        .setPreviousSha256(record.previousSha256())
        .setSha256(record.sha256())
        .build();
  }

  static dev.facet.proto.v1.AuditHead head(AuditHead head) {
    return dev.facet.proto.v1.AuditHead.newBuilder()
        .setNumber(head.number())
        .setSha256(head.sha256())
        .build();
  }

  static void checkScopes(RequestChecks checks, List<dev.facet.proto.v1.Scope> scopes) {
    checks.expect(
        !scopes.isEmpty()
            && scopes.stream()
                .noneMatch(
                    scope ->
                        scope == dev.facet.proto.v1.Scope.SCOPE_UNSPECIFIED
                            || scope == dev.facet.proto.v1.Scope.UNRECOGNIZED),
        "scopes",
        "must name at least one scope, and only known ones");
  }

  static Set<Scope> scopes(List<dev.facet.proto.v1.Scope> scopes) {
    return scopes.stream()
        .map(scope -> Scope.valueOf(scope.name().substring(PREFIX.length())))
        .collect(Collectors.toSet());
  }

  static void checkQuota(RequestChecks checks, dev.facet.proto.v1.Quota quota) {
    checks
        .expect(
            quota.getCallsPerSecond() >= 0 && quota.getCallsPerSecond() <= MOST_AT_ONCE,
            "quota.calls_per_second",
            "must be from 0 to %d".formatted(MOST_AT_ONCE))
        .count("quota.burst", quota.getBurst(), 0, MOST_AT_ONCE)
        .count("quota.concurrent_calls", quota.getConcurrentCalls(), 0, MOST_AT_ONCE);
  }

  static Quota quota(dev.facet.proto.v1.Quota quota) {
    return new Quota(quota.getCallsPerSecond(), quota.getBurst(), quota.getConcurrentCalls());
  }

  /** A time, if it is given; one that no calendar knows is long ago, and so refused. */
  static Optional<Instant> instant(boolean given, Timestamp time) {
    if (!given) {
      return Optional.empty();
    }
    boolean sound = Math.abs(time.getSeconds()) < MOST_SECONDS;
    return Optional.of(
        sound ? Instant.ofEpochSecond(time.getSeconds(), time.getNanos()) : Instant.EPOCH);
  }

  /** A duration; one beyond all measure is a negative one, and so refused. */
  static Duration duration(com.google.protobuf.Duration duration) {
    return Math.abs(duration.getSeconds()) < MOST_SECONDS
        ? Duration.ofSeconds(duration.getSeconds(), duration.getNanos())
        : Duration.ofSeconds(-1);
  }
}
