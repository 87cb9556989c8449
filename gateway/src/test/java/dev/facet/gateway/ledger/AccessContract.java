package dev.facet.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.gateway.ledger.LedgerRefusal.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every ledger does with tenants and keys, whatever database is below it. */
interface AccessContract {

  /** An empty ledger. */
  Ledger open(SettableClock clock);

  private static void refused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LedgerRefusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
  }

  private static NewApiKey key(String id, String tenant, Optional<Instant> expires) {
    return new NewApiKey(
        id,
        tenant,
        "ab".repeat(32),
        "of a test",
        EnumSet.of(Scope.ADMIN, Scope.SEARCH),
        new Quota(2.5, 7, 3),
        expires);
  }

  @Test
  default void tenantsAreCreatedOnceAndListedInTheOrderOfBytes() {
    SettableClock clock = new SettableClock();
    try (Ledger ledger = open(clock)) {
      Tenants tenants = ledger.tenants();
      Tenant acme = tenants.create("acme", "Acme Ltd");
      var _ = tenants.create("Zeta", "");
      var _ = tenants.create("a_b", "");
      assertThat(acme).isEqualTo(new Tenant("acme", "Acme Ltd", clock.instant(), clock.instant()));
      assertThat(tenants.list("", 10))
          .extracting(Tenant::id)
          .containsExactly("Zeta", "a_b", "acme");
      assertThat(tenants.list("Zeta", 1)).extracting(Tenant::id).containsExactly("a_b");
      refused(Reason.TENANT_EXISTS, () -> tenants.create("acme", ""));
      refused(Reason.INVALID_ID, () -> tenants.create("a b", ""));
    }
  }

  @Test
  default void aKeyIsThereAsItWasGiven() {
    SettableClock clock = new SettableClock();
    try (Ledger ledger = open(clock)) {
      Tenants tenants = ledger.tenants();
      var _ = tenants.create("acme", "");
      long before = tenants.revision();
      Optional<Instant> end = Optional.of(clock.instant().plusSeconds(60));
      ApiKey key = tenants.createKey(key("k1", "acme", end));
      assertThat(key)
          .isEqualTo(
              new ApiKey(
                  "k1",
                  "acme",
                  "ab".repeat(32),
                  "of a test",
                  Set.of(Scope.ADMIN, Scope.SEARCH),
                  new Quota(2.5, 7, 3),
                  end,
                  Optional.empty(),
                  Optional.empty(),
                  clock.instant(),
                  clock.instant()));
      assertThat(tenants.key("acme", "k1")).contains(key);
      assertThat(tenants.key("other", "k1")).isEmpty();
      assertThat(tenants.keys("acme")).containsExactly(key);
      assertThat(tenants.livingKeys()).containsExactly(key);
      assertThat(tenants.revision()).isGreaterThan(before);
      refused(Reason.TENANT_NOT_FOUND, () -> tenants.createKey(key("k2", "other", end)));
      refused(Reason.TENANT_NOT_FOUND, () -> tenants.keys("other"));
    }
  }

  @Test
  default void aRevokedOrExpiredKeyIsDeadAndStillListed() {
    SettableClock clock = new SettableClock();
    try (Ledger ledger = open(clock)) {
      Tenants tenants = ledger.tenants();
      var _ = tenants.create("acme", "");
      var _ = tenants.createKey(key("k1", "acme", Optional.empty()));
      var _ = tenants.createKey(key("k2", "acme", Optional.of(clock.instant().plusSeconds(60))));
      long before = tenants.revision();
      ApiKey revoked = tenants.revokeKey("acme", "k1");
      assertThat(revoked.revoked()).contains(clock.instant());
      assertThat(tenants.revision()).isGreaterThan(before);
      clock.advance(Duration.ofSeconds(30));
      assertThat(tenants.revokeKey("acme", "k1")).isEqualTo(revoked);
      assertThat(tenants.livingKeys()).extracting(ApiKey::id).containsExactly("k2");
      clock.advance(Duration.ofSeconds(30));
      assertThat(tenants.livingKeys()).isEmpty();
      assertThat(tenants.keys("acme")).extracting(ApiKey::id).containsExactly("k1", "k2");
      refused(Reason.API_KEY_NOT_FOUND, () -> tenants.revokeKey("other", "k2"));
    }
  }

  @Test
  default void aReplacedKeyLivesOnForTheOverlapAndNoLongerThanItWould() {
    SettableClock clock = new SettableClock();
    try (Ledger ledger = open(clock)) {
      Tenants tenants = ledger.tenants();
      var _ = tenants.create("acme", "");
      var _ = tenants.createKey(key("k1", "acme", Optional.empty()));
      Instant soon = clock.instant().plusSeconds(5);
      var _ = tenants.createKey(key("k2", "acme", Optional.of(soon)));
      Duration overlap = Duration.ofSeconds(60);
      assertThat(
              tenants
                  .replaceKey("acme", "k1", key("k3", "acme", Optional.empty()), overlap)
                  .expires())
          .contains(clock.instant().plusSeconds(60));
      assertThat(
              tenants
                  .replaceKey("acme", "k2", key("k4", "acme", Optional.empty()), overlap)
                  .expires())
          .contains(soon);
      clock.advance(overlap);
      assertThat(tenants.livingKeys()).extracting(ApiKey::id).containsExactlyInAnyOrder("k3", "k4");
      refused(
          Reason.API_KEY_NOT_FOUND,
          () -> tenants.replaceKey("acme", "k1", key("k5", "acme", Optional.empty()), overlap));
      assertThat(tenants.key("acme", "k5")).isEmpty();
    }
  }

  @Test
  default void theFirstKeyIsTakenOnceAndOnlyWhereNobodyAdministers() {
    SettableClock clock = new SettableClock();
    try (Ledger ledger = open(clock)) {
      Tenants tenants = ledger.tenants();
      var _ = tenants.create("default", "");
      assertThat(tenants.hasAdministrator("default")).isFalse();
      assertThat(tenants.createFirstKey(key("k1", "default", Optional.empty()))).isTrue();
      assertThat(tenants.hasAdministrator("default")).isTrue();
      assertThat(tenants.createFirstKey(key("k2", "default", Optional.empty()))).isFalse();
      var _ = tenants.revokeKey("default", "k1");
      assertThat(tenants.createFirstKey(key("k1", "default", Optional.empty()))).isFalse();
      assertThat(tenants.hasAdministrator("default")).isFalse();
      assertThat(tenants.createFirstKey(key("k2", "default", Optional.empty()))).isTrue();
    }
  }

  @Test
  default void theLastUseOnlyMovesForward() {
    SettableClock clock = new SettableClock();
    try (Ledger ledger = open(clock)) {
      Tenants tenants = ledger.tenants();
      var _ = tenants.create("acme", "");
      var _ = tenants.createKey(key("k1", "acme", Optional.empty()));
      long before = tenants.revision();
      Instant later = clock.instant().plusSeconds(10);
      tenants.used(Map.of("k1", later, "nobody", later));
      tenants.used(Map.of("k1", clock.instant()));
      assertThat(tenants.key("acme", "k1").flatMap(ApiKey::used)).contains(later);
      assertThat(tenants.revision()).isEqualTo(before);
    }
  }

  @Test
  default void aDeletedTenantLeavesTombstonesAndNothingElse() {
    try (Ledger ledger = open(new SettableClock())) {
      FaceCollection people = Samples.collection(ledger, "acme", "people");
      FaceCollection others = Samples.collection(ledger, "other", "people");
      var _ = Samples.enroll(ledger, people, "ada", "f1", "f2");
      var _ = Samples.enroll(ledger, others, "ada", "f1");
      var _ = ledger.tenants().createKey(key("k1", "acme", Optional.empty()));
      var _ = ledger.operations().begin("acme", "Check", "people");

      Deletion deletion = ledger.tenants().delete("acme");

      assertThat(deletion.faces()).isEqualTo(2);
      assertThat(ledger.tenants().list("", 10)).extracting(Tenant::id).containsExactly("other");
      assertThat(ledger.tenants().livingKeys()).isEmpty();
      assertThat(ledger.collection(people.number())).isEmpty();
      assertThat(ledger.operations().list("acme", "", 10)).isEmpty();
      assertThat(ledger.unpurged(10)).extracting(Tombstone::collection).contains(people.number());
      assertThat(ledger.sequence()).isEqualTo(deletion.sequence());
      assertThat(ledger.face(others, "f1")).isPresent();
      refused(Reason.TENANT_NOT_FOUND, () -> ledger.tenants().delete("acme"));
    }
  }

  @Test
  default void nobodysChangesAreNotRecorded() {
    try (Ledger ledger = open(new SettableClock())) {
      var _ = ledger.tenants().create("acme", "");
      assertThat(ledger.audit().list(Optional.empty(), 0, 10)).isEmpty();
      assertThat(ledger.audit().head()).isEqualTo(new AuditHead(0, "0".repeat(64)));
    }
  }

  @Test
  default void recordsAreAChain() {
    SettableClock clock = new SettableClock();
    try (Ledger ledger = open(clock)) {
      AuditLog audit = ledger.audit();
      var _ = ledger.tenants().create("acme", "");
      AuditEntry one = new AuditEntry("acme", "k1", "Enroll", "collection:c face:f", "OK");
      AuditEntry two = new AuditEntry("", "", "Refuse", "calls:3", "UNAUTHENTICATED");
      audit.append(List.of(one, two));
      clock.advance(Duration.ofSeconds(1));
      audit.append(List.of(one));

      List<AuditRecord> records = audit.list(Optional.empty(), 0, 10);
      assertThat(records).extracting(AuditRecord::number).containsExactly(1L, 2L, 3L);
      assertThat(records).extracting(AuditRecord::entry).containsExactly(one, two, one);
      assertThat(records.get(2).time()).isEqualTo(clock.instant());
      String before = AuditRecord.NOTHING_BEFORE;
      for (AuditRecord record : records) {
        assertThat(record.previousSha256()).isEqualTo(before);
        assertThat(record.sha256()).isEqualTo(record.computedSha256());
        before = record.sha256();
      }
      assertThat(audit.head()).isEqualTo(new AuditHead(3, before));
      assertThat(audit.list(Optional.of("acme"), 1, 10))
          .extracting(AuditRecord::number)
          .containsExactly(3L);
      assertThat(audit.list(Optional.empty(), 1, 1))
          .extracting(AuditRecord::number)
          .containsExactly(2L);
    }
  }
}
