package dev.facet.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.LedgerException;
import dev.facet.gateway.ledger.NewApiKey;
import dev.facet.gateway.ledger.Quota;
import dev.facet.gateway.ledger.Scope;
import dev.facet.gateway.ledger.SettableClock;
import dev.facet.gateway.ledger.Tenants;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRingTest {
  @TempDir Path folder;

  private final SettableClock clock = new SettableClock();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean down;
  private Ledger ledger;
  private Tenants tenants;

  @BeforeEach
  void open() {
    ledger = Ledger.sqlite(folder.resolve("ledger.db"), clock);
    ledger.createTenant("acme");
    tenants = watched(ledger.tenants());
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  /** Counts what the ledger is asked, and is down when it is to be. */
  private Tenants watched(Tenants real) {
    return (Tenants)
        Proxy.newProxyInstance(
            Tenants.class.getClassLoader(),
            new Class<?>[] {Tenants.class},
            (_, method, arguments) -> {
              asked.incrementAndGet();
              if (down) {
                throw new LedgerException("down");
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private KeyRing ring() {
    return new KeyRing(tenants, clock, nanos::get);
  }

  private KeySecret stored(Optional<Instant> expires) {
    KeySecret secret = KeySecret.fresh();
    var _ =
        ledger
            .tenants()
            .createKey(
                new NewApiKey(
                    secret.id(),
                    "acme",
                    secret.sha256(),
                    "",
                    EnumSet.of(Scope.SEARCH),
                    Quota.NONE,
                    expires));
    return secret;
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    clock.advance(time);
  }

  @Test
  void aKeyIsAskedOfTheLedgerOnce() {
    KeySecret secret = stored(Optional.empty());
    KeyRing ring = ring();
    int before = asked.get();
    for (int i = 0; i < 1_000; i++) {
      assertThat(ring.find(secret)).isPresent();
    }
    assertThat(asked.get()).isEqualTo(before);
  }

  @Test
  void aKeyThatAnotherGatewayMadeOpensAtOnce() {
    KeyRing ring = ring();
    KeySecret secret = stored(Optional.empty());
    assertThat(ring.find(secret)).isPresent();
  }

  @Test
  void aKeyThatAnotherGatewayRevokedIsShutOutAfterASecond() {
    KeySecret secret = stored(Optional.empty());
    KeyRing ring = ring();
    var _ = ledger.tenants().revokeKey("acme", secret.id());
    pass(Duration.ofMillis(1_001));
    assertThat(ring.find(secret)).isEmpty();
  }

  @Test
  void aKeyThatExpiresIsShutOutWithoutTheLedger() {
    KeySecret secret = stored(Optional.of(clock.instant().plusMillis(500)));
    KeyRing ring = ring();
    assertThat(ring.find(secret)).isPresent();
    down = true;
    pass(Duration.ofMillis(500));
    assertThat(ring.find(secret)).isEmpty();
  }

  @Test
  void theRightIdWithAnotherSecretIsNobody() {
    KeySecret secret = stored(Optional.empty());
    KeySecret forged =
        KeySecret.parse("facet_%s_%s".formatted(secret.id(), "0".repeat(64))).orElseThrow();
    assertThat(ring().find(forged)).isEmpty();
  }

  @Test
  void keysAreGoodForAMinuteWithoutTheLedgerAndNoLonger() {
    KeySecret secret = stored(Optional.empty());
    KeyRing ring = ring();
    down = true;
    pass(Duration.ofSeconds(59));
    assertThat(ring.find(secret)).isPresent();
    int before = asked.get();
    assertThat(ring.find(secret)).isPresent();
    assertThat(asked.get()).isEqualTo(before); // one attempt a second
    pass(Duration.ofSeconds(2));
    assertThatThrownBy(() -> ring.find(secret)).isInstanceOf(LedgerException.class);
    down = false;
    assertThat(ring.find(secret)).isPresent();
  }

  @Test
  void aKeyHasOneForm() {
    String key = KeySecret.fresh().reveal();
    assertThat(key).matches("facet_[0-9a-f]{16}_[0-9a-f]{64}");
    assertThat(KeySecret.parse(key).orElseThrow().reveal()).isEqualTo(key);
    assertThat(KeySecret.parse(key).orElseThrow().toString()).doesNotContain(key.substring(24));
    assertThat(KeySecret.parse(key + "0")).isEmpty();
    assertThat(KeySecret.parse(key.toUpperCase(Locale.ROOT))).isEmpty();
    assertThat(KeySecret.parse("")).isEmpty();
  }
}
