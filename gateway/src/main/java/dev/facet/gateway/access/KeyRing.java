package dev.facet.gateway.access;

import dev.facet.gateway.ledger.ApiKey;
import dev.facet.gateway.ledger.LedgerException;
import dev.facet.gateway.ledger.Tenants;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** The living keys of all tenants, in memory, never older than {@link #OLDEST_NANOS}. */
public final class KeyRing {
  /*
   * Every call needs a key looked up, and the ledger must not hear of every call. So all living keys
   * are held here. The first call after a second asks the ledger for one number, which changes with
   * every key, and reads the keys only when it has changed. So a key that is revoked through any
   * gateway is refused by all of them within a second and the time of a read.
   *
   * A key that is not known may be new, so it has the ledger asked again, but not more often than
   * every MISS_NANOS, by however many: whoever tries keys waits, and costs the ledger ten reads a
   * second.
   *
   * While the ledger is down nobody can revoke anything either; the keys known are good for another
   * minute, so that what needs no ledger is still answered. After that nobody is let in.
   */
  static final long OLDEST_NANOS = TimeUnit.SECONDS.toNanos(1);
  static final long MISS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  static final long WITHOUT_LEDGER_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** What an unknown key is compared with, so that it takes as long as a known one. */
  private static final String NOBODY = "0".repeat(64);

  private final Tenants tenants;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile Snapshot snapshot; // written while reading

  /**
   * What the ledger said.
   *
   * @param read when it was asked last, in nanoseconds
   * @param tried when it was asked last, though it may not have answered
   */
  private record Snapshot(Map<String, ApiKey> keys, long revision, long read, long tried) {}

  /** Reads the keys. */
  public KeyRing(Tenants tenants, InstantSource clock) {
    this(tenants, clock, System::nanoTime);
  }

  KeyRing(Tenants tenants, InstantSource clock, LongSupplier nanoTime) {
    this.tenants = tenants;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.snapshot = read(nanoTime.getAsLong());
  }

  /**
   * The living key that this is; empty if there is none, for whatever reason.
   *
   * @throws LedgerException when the ledger has been down for longer than keys are good for
   */
  public Optional<ApiKey> find(KeySecret presented) {
    Snapshot known = noOlderThan(OLDEST_NANOS);
    if (!known.keys.containsKey(presented.id())) {
      known = readSince(nanoTime.getAsLong());
    }
    Optional<ApiKey> key = Optional.ofNullable(known.keys.get(presented.id()));
    boolean right = presented.matches(key.map(ApiKey::sha256).orElse(NOBODY));
    return key.filter(found -> right && found.isAlive(clock.instant()));
  }

  private Snapshot noOlderThan(long nanos) {
    Snapshot known = snapshot;
    long now = nanoTime.getAsLong();
    return now - known.tried <= nanos ? known : triedSince(now - nanos);
  }

  /** Nobody holds the lock while waiting for the time of the next read. */
  private Snapshot readSince(long moment) {
    long pause = MISS_NANOS - (moment - snapshot.tried);
    try {
      TimeUnit.NANOSECONDS.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return triedSince(moment);
  }

  private Snapshot triedSince(long moment) {
    reading.lock();
    try {
      Snapshot known = snapshot;
      if (known.tried - moment <= 0) {
        known = readAgain(known, nanoTime.getAsLong());
        snapshot = known;
      }
      return known;
    } finally {
      reading.unlock();
    }
  }

  private Snapshot readAgain(Snapshot known, long now) {
    try {
      return tenants.revision() == known.revision
          ? new Snapshot(known.keys, known.revision, now, now)
          : read(now);
    } catch (LedgerException e) {
      if (now - known.read > WITHOUT_LEDGER_NANOS) {
        throw e;
      }
      return new Snapshot(known.keys, known.revision, known.read, now);
    }
  }

  /** The number first: a change between the two is then read again. */
  private Snapshot read(long now) {
    long revision = tenants.revision();
    Map<String, ApiKey> keys =
        tenants.livingKeys().stream().collect(Collectors.toMap(ApiKey::id, key -> key));
    return new Snapshot(keys, revision, now, now);
  }
}
