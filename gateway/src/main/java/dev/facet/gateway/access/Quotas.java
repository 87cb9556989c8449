package dev.facet.gateway.access;

import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.ledger.Quota;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** What each key has asked of this gateway, held against its quota. */
final class Quotas {
  private static final Duration CALL_MAY_END = Duration.ofMillis(100);

  private final Map<String, Account> accounts = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;

  /** A call that counts as in flight until it is closed, which may be repeated. */
  interface Pass extends AutoCloseable {
    Pass FREE = () -> {};

    @Override
    void close();

    /** Waits until one more message of the call's stream is within the quota. */
    default void awaitMessage() throws InterruptedException {}
  }

  Quotas(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Lets a call in.
   *
   * @throws Refusal QUOTA
   */
  Pass enter(Caller caller) {
    if (caller.quota().equals(Quota.NONE)) {
      return Pass.FREE;
    }
    return accounts
        .computeIfAbsent(caller.keyId(), _ -> new Account(caller.quota(), nanoTime.getAsLong()))
        .enter();
  }

  private final class Account {
    private final Quota quota;
    private final TokenBucket bucket; // guarded by this, as is what follows
    private int inFlight;

    Account(Quota quota, long now) {
      this.quota = quota;
      bucket = new TokenBucket(quota.callsPerSecond(), quota.depth(), now);
    }

    synchronized Pass enter() {
      if (quota.concurrentCalls() > 0 && inFlight >= quota.concurrentCalls()) {
        throw refusal(
            "the key has %d calls in flight, which is its quota".formatted(inFlight), CALL_MAY_END);
      }
      long wait = take();
      if (wait > 0) {
        throw refusal(
            "the key makes more than %s calls a second, which is its quota"
                .formatted(quota.callsPerSecond()),
            Duration.ofNanos(wait));
      }
      inFlight++;
      return new CountedCall(this);
    }

    synchronized long take() {
      return quota.callsPerSecond() == 0 ? 0 : bucket.take(nanoTime.getAsLong());
    }

    synchronized void leave() {
      inFlight--;
    }

    private static Refusal refusal(String message, Duration retryAfter) {
      return Refusal.of(Status.Code.RESOURCE_EXHAUSTED, "QUOTA", message).retryAfter(retryAfter);
    }
  }

  private static final class CountedCall implements Pass {
    private final Account account;
    private final AtomicBoolean left = new AtomicBoolean();

    CountedCall(Account account) {
      this.account = account;
    }

    @Override
    public void awaitMessage() throws InterruptedException {
      for (long wait = account.take(); wait > 0; wait = account.take()) {
        TimeUnit.NANOSECONDS.sleep(wait);
      }
    }

    @Override
    public void close() {
      if (!left.getAndSet(true)) {
        account.leave();
      }
    }
  }
}
