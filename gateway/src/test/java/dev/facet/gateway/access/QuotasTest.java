package dev.facet.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.ledger.Quota;
import dev.facet.gateway.ledger.Scope;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QuotasTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Quotas quotas = new Quotas(nanos::get);

  private static Caller caller(String key, Quota quota) {
    return new Caller("t", key, Set.of(Scope.DETECT), quota, Optional.empty());
  }

  private Refusal refused(Caller caller) {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> quotas.enter(caller));
    assertThat(Objects.requireNonNull(refusal).reason()).isEqualTo("QUOTA");
    return refusal;
  }

  @Test
  void aBurstAndThenTheRate() {
    Caller caller = caller("k", new Quota(10, 3, 0));
    for (int i = 0; i < 3; i++) {
      quotas.enter(caller).close();
    }
    assertThat(refused(caller).retryAfter()).contains(Duration.ofMillis(100));
    nanos.addAndGet(Duration.ofMillis(99).toNanos());
    refused(caller);
    nanos.addAndGet(Duration.ofMillis(1).toNanos());
    quotas.enter(caller).close();
    refused(caller);
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    for (int i = 0; i < 3; i++) {
      quotas.enter(caller).close();
    }
    refused(caller);
  }

  @Test
  void callsInFlightAreCountedUntilTheyEndAndOnlyOnce() {
    Caller caller = caller("k", new Quota(0, 0, 2));
    Quotas.Pass one = quotas.enter(caller);
    Quotas.Pass two = quotas.enter(caller);
    refused(caller);
    one.close();
    one.close();
    Quotas.Pass three = quotas.enter(caller);
    refused(caller);
    quotas.enter(caller("other", new Quota(0, 0, 2))).close();
    two.close();
    three.close();
    quotas.enter(caller).close();
  }

  @Test
  void whatIsWithinAQuotaAllowsNothingMore() {
    Quota wide = new Quota(10, 20, 5);
    assertThat(wide.isWithin(Quota.NONE)).isTrue();
    assertThat(Quota.NONE.isWithin(wide)).isFalse();
    assertThat(new Quota(10, 20, 5).isWithin(wide)).isTrue();
    assertThat(new Quota(10, 21, 5).isWithin(wide)).isFalse();
    assertThat(new Quota(11, 20, 5).isWithin(wide)).isFalse();
    assertThat(new Quota(10, 20, 0).isWithin(wide)).isFalse();
    assertThat(new Quota(0, 0, 5).isWithin(wide)).isFalse();
  }
}
