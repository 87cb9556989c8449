package dev.facet.gateway.gallery.milvus;

import dev.facet.gateway.gallery.ChangeWriter;
import dev.facet.gateway.gallery.Draft;
import dev.facet.gateway.gallery.GalleryException;
import dev.facet.gateway.ledger.Changes;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.SharedLock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that carries changes from the ledger to Milvus, when it is this gateway's turn, and
 * that hears of what others have carried.
 *
 * <p>Milvus may be away, or may take nothing in: it has limits of rate, memory and disk, and a
 * switch. Then the thread rests, longer each time, and what it could carry until then counts.
 */
final class Settling implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Settling.class);
  private static final String LOCK = "milvus-settling";
  private static final int PAGE = 2_000;
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final Duration LONGEST_REST = Duration.ofSeconds(30);

  /** As long as an index may take. */
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final Ledger ledger;
  private final MilvusIndex index;
  private final MilvusSettings.Tail limits;
  private final MilvusGallery gallery;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /* Guarded by lock. */
  private long wanted;
  private long known;
  private boolean closed;

  /* Of the thread. */
  private final Deque<Settled> lately = new ArrayDeque<>();
  private long waitingSince;
  private int failures;
  private long restingUntil = System.nanoTime();

  /** That a position was seen to be settled, and when. */
  private record Settled(long position, long nanos) {}

  Settling(Ledger ledger, MilvusIndex index, MilvusSettings.Tail limits, MilvusGallery gallery) {
    this.ledger = ledger;
    this.index = index;
    this.limits = limits;
    this.gallery = gallery;
    thread = Thread.ofPlatform().daemon().name("gallery-settling").unstarted(this::run);
  }

  void start() {
    lock.lock();
    try {
      known = gallery.settledPosition();
      if (!closed && thread.getState() == Thread.State.NEW) {
        thread.start();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Wakes the thread. */
  void hurry() {
    lock.lock();
    try {
      wanted = Math.max(wanted, gallery.followed());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything up to the position is settled, by whichever gateway. */
  boolean settle(long position, Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      wanted = Math.max(wanted, position);
      changed.signalAll();
      long nanos = atMost.toNanos();
      while (known < position && !closed && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return known >= position;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (true) {
        boolean settle = rest();
        try {
          hear(index.refresh().position());
          if (!isResting() && (settle || isDue())) {
            settle();
            failures = 0;
          }
        } catch (RuntimeException e) {
          Duration pause = pause(failures++);
          restingUntil = System.nanoTime() + pause.toNanos();
          log.warn("Milvus could not be brought up to date; trying again in {}", pause, e);
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /** Doubles with every failure. */
  static Duration pause(int failuresBefore) {
    Duration pause = LOOK.multipliedBy(1L << Math.min(failuresBefore, 10));
    return pause.compareTo(LONGEST_REST) < 0 ? pause : LONGEST_REST;
  }

  private boolean isResting() {
    return restingUntil - System.nanoTime() > 0;
  }

  /** Waits a while, or until somebody wants something settled, which it then says. */
  private boolean rest() throws InterruptedException {
    boolean resting = isResting();
    lock.lock();
    try {
      long nanos = LOOK.toNanos();
      while ((wanted <= known || resting) && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return wanted > known;
    } finally {
      lock.unlock();
    }
  }

  private boolean isDue() {
    if (gallery.followed() <= gallery.settledPosition()) {
      waitingSince = 0;
      return false;
    }
    waitingSince = waitingSince == 0 ? System.nanoTime() : waitingSince;
    return System.nanoTime() - waitingSince > limits.age().toNanos()
        || gallery.unsettled() >= limits.faces();
  }

  /** Notes a position, and lets go of what was settled some time ago. */
  private void hear(long position) {
    if (position > gallery.settledPosition()) {
      lately.add(new Settled(position, System.nanoTime()));
      gallery.settledTo(position);
      waitingSince = 0;
    }
    while (!lately.isEmpty()
        && System.nanoTime() - lately.getFirst().nanos() > limits.grace().toNanos()) {
      gallery.letGo(lately.removeFirst().position());
    }
    lock.lock();
    try {
      known = Math.max(known, position);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void settle() throws InterruptedException {
    Optional<SharedLock> right = ledger.tryLock(LOCK);
    if (right.isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(100); // another gateway is at it
      return;
    }
    try (SharedLock held = right.get()) {
      long begun = System.nanoTime();
      long before = index.refresh().position();
      long position = before;
      long target = ledger.sequence();
      index.reach(target);
      ChangeWriter writer = new ChangeWriter(ledger, index);
      int changes = 0;
      @Nullable GalleryException refusal = null;
      while (position < target && refusal == null) {
        Changes page = ledger.changes(position, PAGE);
        try {
          writer.apply(page.changes());
          changes += page.changes().size();
          position = page.upTo();
        } catch (GalleryException e) {
          refusal = e; // what was taken before counts, or a Milvus that takes little never has all
        }
        requireHeld(held);
      }
      if (refusal != null && position == before) {
        throw refusal;
      }
      for (FaceCollection collection : writer.opened()) {
        index.settle(collection, () -> requireHeld(held));
        requireHeld(held);
      }
      if (position > gallery.settledPosition()) {
        index.advance(position);
      }
      log.debug(
          "Settled {} changes up to {} in {} ms",
          changes,
          position,
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
      hear(position);
      if (refusal != null) {
        throw refusal;
      }
    }
  }

  private static void requireHeld(SharedLock lock) {
    if (!lock.held()) {
      throw new GalleryException("another gateway settles now");
    }
  }

  /** A copy whose maker keeps others from settling, so that both copies stay at one position. */
  Draft draft(FaceCollection collection) {
    SettlingRight right = new SettlingRight(this::patientLock);
    try {
      right.take();
      return new LockedDraft(index.draft(collection, right::take), right);
    } catch (RuntimeException e) {
      right.giveBack();
      throw e;
    }
  }

  /** The copy that was replaced; whoever writes to it keeps others from settling as well. */
  Optional<Draft> kept(FaceCollection collection) {
    index.refresh();
    SettlingRight right = new SettlingRight(this::patientLock);
    return index.kept(collection, right::take).map(draft -> new LockedDraft(draft, right));
  }

  /** The right to settle, after which nobody else's settling is under way. */
  private SharedLock patientLock() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Optional<SharedLock> right = ledger.tryLock(LOCK);
      if (right.isPresent()) {
        return refreshed(right.get());
      }
      if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
        throw new GalleryException("another gateway settles now");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    }
  }

  private SharedLock refreshed(SharedLock right) {
    try {
      index.refresh();
      return right;
    } catch (RuntimeException e) {
      right.close();
      throw e;
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
