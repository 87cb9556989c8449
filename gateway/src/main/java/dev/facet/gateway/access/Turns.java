package dev.facet.gateway.access;

import dev.facet.bootstrap.CurrentCall;
import dev.facet.bootstrap.Refusal;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Lets tenants take turns at what they share: detector, embedder and gallery. */
public final class Turns {
  /*
   * Why. Behind the gateway everybody waits in the same queues, first come, first served. A tenant
   * that sends a hundred calls at once puts a hundred calls in front of everybody else's next one.
   * A quota does not help: it must leave room for what a key may need, and the sum of all room is
   * more than there is. So calls wait here, where it is known whose they are, and so few are let
   * through at a time that there are no queues to speak of behind.
   *
   * Who is next. A free place goes to the tenant that has the fewest calls under way, among those
   * who wait; of equal ones to the one whose call has waited longest. So tenants who ask for more
   * than their part get equal parts, whatever they send, and who asks for less gets all of it. A
   * tenant's own calls come in their order.
   *
   * A place that is kept. Fairness alone would let a rare caller wait until one of the other's calls
   * ends. So one place is kept free for every other tenant that has called within the last minute,
   * as long as that leaves each its equal part.
   *
   * Alone. A tenant that nobody else has called beside for a minute is let through without limit:
   * there is nobody to be fair to, and batches behind the door grow with what they get. The price is
   * that the first call of another meets what is under way then.
   *
   * How many waits. No more than so many of one tenant; the next is refused before its picture is
   * read. Those that wait have been read: they hold the memory of their pictures, and no place while
   * a slow client sends.
   *
   * The number of places is a setting, because only the operator knows what stands behind: a little
   * more than what detectors and embedders do at the same time. Too many, and queues form behind;
   * too few, and processors idle while more than one tenant calls.
   *
   * Locking. One lock; nothing waits or calls out under it.
   */
  private static final long ACTIVE_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final int places;
  private final int mostWaiting;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();

  /* All guarded by lock. */
  private final Map<String, Line> lines = new HashMap<>();
  private int taken;
  private long arrivals;

  /** The right to do one call's work; to be closed when it is done. */
  public interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  private static final class Line {
    final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    int underWay;
    long called;
  }

  private static final class Waiting {
    final CountDownLatch over = new CountDownLatch(1);
    final long arrival;
    boolean hasTurn;

    Waiting(long arrival) {
      this.arrival = arrival;
    }
  }

  /**
   * Nobody waits yet.
   *
   * @param places calls under way, where more than one tenant calls
   * @param mostWaiting calls of one tenant
   */
  public Turns(int places, int mostWaiting) {
    this(places, mostWaiting, System::nanoTime);
  }

  Turns(int places, int mostWaiting, LongSupplier nanoTime) {
    this.places = places;
    this.mostWaiting = mostWaiting;
    this.nanoTime = nanoTime;
  }

  /**
   * Refuses a call that would find no room to wait.
   *
   * @throws Refusal QUEUE_FULL
   */
  void requireRoom(String tenant) {
    lock.lock();
    try {
      Line line = lines.get(tenant);
      if (line != null && line.waiting.size() >= mostWaiting) {
        throw full();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a turn of the tenant, as long as the caller of the current call does.
   *
   * @throws Refusal QUEUE_FULL, DEADLINE_PASSED, CANCELLED
   */
  public Turn take(String tenant) {
    Waiting waiting = arrive(tenant);
    try {
      CurrentCall.await(
          () -> {
            waiting.over.await();
            return true;
          },
          waiting.over::countDown);
    } catch (RuntimeException e) {
      leave(tenant, waiting);
      throw e;
    }
    if (!hasTurn(waiting)) {
      leave(tenant, waiting);
      CurrentCall.requireWanted();
      throw Refusal.of(Status.Code.CANCELLED, "CANCELLED", "the call was cancelled");
    }
    return () -> leave(tenant, waiting);
  }

  /** Calls that wait. */
  int waiting() {
    lock.lock();
    try {
      return lines.values().stream().mapToInt(line -> line.waiting.size()).sum();
    } finally {
      lock.unlock();
    }
  }

  private Waiting arrive(String tenant) {
    lock.lock();
    try {
      Line line = lines.computeIfAbsent(tenant, _ -> new Line());
      if (line.waiting.size() >= mostWaiting) {
        throw full();
      }
      line.called = nanoTime.getAsLong();
      Waiting waiting = new Waiting(arrivals++);
      line.waiting.add(waiting);
      giveTurns();
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  private boolean hasTurn(Waiting waiting) {
    lock.lock();
    try {
      return waiting.hasTurn;
    } finally {
      lock.unlock();
    }
  }

  /** Ends a turn, or the wait for one. */
  private void leave(String tenant, Waiting waiting) {
    lock.lock();
    try {
      Line line = lines.get(tenant);
      if (line == null) {
        return;
      }
      if (waiting.hasTurn) {
        waiting.hasTurn = false;
        line.underWay--;
        taken--;
      } else {
        var _ = line.waiting.remove(waiting);
      }
      giveTurns();
    } finally {
      lock.unlock();
    }
  }

  private void giveTurns() {
    long now = nanoTime.getAsLong();
    lines
        .values()
        .removeIf(line -> line.underWay == 0 && line.waiting.isEmpty() && !isActive(line, now));
    long active = lines.values().stream().filter(line -> isActive(line, now)).count();
    for (Optional<Line> next = next(active); next.isPresent(); next = next(active)) {
      Waiting first = next.get().waiting.remove();
      first.hasTurn = true;
      next.get().underWay++;
      taken++;
      first.over.countDown();
    }
  }

  private static boolean isActive(Line line, long now) {
    return line.underWay > 0 || !line.waiting.isEmpty() || now - line.called < ACTIVE_NANOS;
  }

  /** Whose turn it is; empty if nobody waits, or there is no place for those who do. */
  private Optional<Line> next(long active) {
    if (active > 1 && taken >= places) {
      return Optional.empty();
    }
    long part =
        active > 1 ? Math.max((places + active - 1) / active, places - active + 1) : Long.MAX_VALUE;
    @Nullable Line best = null;
    for (Line line : lines.values()) {
      if (!line.waiting.isEmpty() && line.underWay < part && (best == null || before(line, best))) {
        best = line;
      }
    }
    return Optional.ofNullable(best);
  }

  private static boolean before(Line one, Line other) {
    return one.underWay != other.underWay
        ? one.underWay < other.underWay
        : one.waiting.getFirst().arrival < other.waiting.getFirst().arrival;
  }

  private Refusal full() {
    return Refusal.of(
            Status.Code.UNAVAILABLE,
            "QUEUE_FULL",
            "%d calls of the tenant wait already".formatted(mostWaiting))
        .retryAfter(RETRY_AFTER);
  }
}
