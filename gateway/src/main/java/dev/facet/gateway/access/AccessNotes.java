package dev.facet.gateway.access;

import dev.facet.gateway.ledger.AuditEntry;
import dev.facet.gateway.ledger.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers which keys were used and which calls were refused at the door, and writes it to the
 * ledger once a minute: a flood of refused calls is one record a minute, and calls do not wait for
 * the disk.
 */
public final class AccessNotes implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AccessNotes.class);
  private static final Duration EVERY = Duration.ofMinutes(1);

  private final Ledger ledger;
  private final InstantSource clock;
  private final Map<String, Instant> used = new ConcurrentHashMap<>();
  private final Map<Refused, Count> refused = new HashMap<>(); // guarded by itself
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("access-notes").factory());

  /** Refused calls that share a record. */
  private record Refused(String tenant, String keyId, String reason) {}

  private record Count(int calls, String lastMethod) {}

  /** Begins to write. */
  public AccessNotes(Ledger ledger, InstantSource clock) {
    this(ledger, clock, EVERY);
  }

  AccessNotes(Ledger ledger, InstantSource clock, Duration every) {
    this.ledger = ledger;
    this.clock = clock;
    var _ =
        thread.scheduleWithFixedDelay(
            this::write, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
  }

  void used(String keyId) {
    used.put(keyId, clock.instant());
  }

  /** Empty tenant and key id: a caller without a valid key. */
  void refused(String tenant, String keyId, String method, String reason) {
    synchronized (refused) {
      var _ =
          refused.merge(
              new Refused(tenant, keyId, reason),
              new Count(1, method),
              (before, now) -> new Count(before.calls + 1, method));
    }
  }

  private void write() {
    try {
      Map<String, Instant> times = Map.copyOf(used);
      if (!times.isEmpty()) {
        ledger.tenants().used(times);
        times.forEach(used::remove); // unless used again meanwhile
      }
      List<AuditEntry> entries = takeRefused();
      if (!entries.isEmpty()) {
        ledger.audit().append(entries);
      }
    } catch (RuntimeException | Error e) { // what is thrown from here is never run again
      log.warn("What keys did could not be written; some of it is lost", e);
    }
  }

  private List<AuditEntry> takeRefused() {
    synchronized (refused) {
      List<AuditEntry> entries =
          refused.entrySet().stream().map(one -> entry(one.getKey(), one.getValue())).toList();
      refused.clear();
      return entries;
    }
  }

  private static AuditEntry entry(Refused who, Count count) {
    String method = count.lastMethod.substring(count.lastMethod.lastIndexOf('/') + 1);
    return new AuditEntry(
        who.tenant,
        who.keyId,
        "Refuse",
        "calls:%d last:%s".formatted(count.calls, method),
        who.reason);
  }

  /** Writes what there is and stops. */
  @Override
  public void close() {
    thread.shutdown();
    write();
  }
}
