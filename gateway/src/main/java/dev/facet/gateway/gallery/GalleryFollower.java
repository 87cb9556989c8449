package dev.facet.gateway.gallery;

import dev.facet.gateway.ledger.Change;
import dev.facet.gateway.ledger.Changes;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one gallery follow the ledger: one thread reads the changes past the gallery's position,
 * applies them and publishes how far it has come.
 *
 * <p>Commits of this process wake it at once, those of others are found by polling. A failure of
 * ledger or gallery is logged and tried again from the gallery's own position; applying a change
 * twice does no harm.
 */
public final class GalleryFollower implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GalleryFollower.class);
  private static final int PAGE = 1_000;

  private final Ledger ledger;
  private final Gallery gallery;
  private final Duration poll;
  private final Map<Long, FaceCollection> opened = new HashMap<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  /* Guarded by lock. */
  private long published;
  /* Guarded by lock. */
  private boolean closed;

  private final Thread thread;

  /**
   * Starts to follow.
   *
   * @param poll how often other processes' changes are looked for, and how long to rest after a
   *     failure
   */
  public GalleryFollower(Ledger ledger, Gallery gallery, Duration poll) {
    this.ledger = ledger;
    this.gallery = gallery;
    this.poll = poll;
    thread = Thread.ofPlatform().name("gallery-follower").daemon().start(this::follow);
  }

  /** The ledger's sequence number up to which the gallery has followed. */
  public long position() {
    lock.lock();
    try {
      return published;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns when every change up to the sequence number can be found in the gallery.
   *
   * @throws GalleryBehindException after the given time, or when the follower is closed
   */
  public void awaitSequence(long sequence, Duration atMost) throws InterruptedException {
    long nanos = atMost.toNanos();
    lock.lock();
    try {
      while (published < sequence) {
        if (nanos <= 0 || closed) {
          throw new GalleryBehindException(published, sequence);
        }
        nanos = moved.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  private void follow() {
    while (!isClosed()) {
      try {
        followUntilFailure();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        log.warn("The gallery could not follow the ledger; trying again in {}", poll, e);
        rest();
      }
    }
  }

  private void followUntilFailure() throws InterruptedException {
    long position = gallery.position();
    publish(position);
    while (true) {
      Changes page = ledger.changes(position, PAGE);
      if (page.upTo() == position) {
        ledger.awaitChangeAfter(position, poll);
        continue;
      }
      apply(page.changes());
      gallery.advance(page.upTo());
      position = page.upTo();
      publish(position);
    }
  }

  /** A page has one change of a face at most, so the order between faces does not matter. */
  private void apply(List<Change> changes) {
    Map<Long, List<Entry>> enrolled = new HashMap<>();
    Map<Long, List<String>> deleted = new HashMap<>();
    List<Long> dropped = new ArrayList<>();
    for (Change change : changes) {
      switch (change) {
        case Change.Enrolled(_, long number, String faceId, var vector) ->
            enrolled.computeIfAbsent(number, _ -> new ArrayList<>()).add(new Entry(faceId, vector));
        case Change.Deleted(_, long number, String faceId) ->
            deleted.computeIfAbsent(number, _ -> new ArrayList<>()).add(faceId);
        case Change.Dropped(_, long number) -> dropped.add(number);
      }
    }
    enrolled.forEach((number, entries) -> open(number).ifPresent(c -> gallery.upsert(c, entries)));
    deleted.forEach((number, ids) -> open(number).ifPresent(c -> gallery.delete(c, ids)));
    for (long number : dropped) {
      gallery.drop(number);
      opened.remove(number);
    }
  }

  /** Empty when the collection was dropped meanwhile, which is a change still to come. */
  private Optional<FaceCollection> open(long number) {
    FaceCollection known = opened.get(number);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<FaceCollection> collection = ledger.collection(number);
    collection.ifPresent(
        c -> {
          gallery.open(c);
          opened.put(number, c);
        });
    return collection;
  }

  private void publish(long position) {
    lock.lock();
    try {
      published = position;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Until {@link #close}, or the poll interval has passed. */
  private void rest() {
    lock.lock();
    try {
      long nanos = poll.toNanos();
      while (!closed && nanos > 0) {
        nanos = moved.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Stops following. Ledger and gallery are the caller's to close, afterwards. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      moved.signalAll();
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
