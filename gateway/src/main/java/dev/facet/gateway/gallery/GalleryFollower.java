package dev.facet.gateway.gallery;

import dev.facet.gateway.ledger.Changes;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.Watermark;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
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

  private final Watermark followed = new Watermark();

  /** Held while a page is applied. */
  private final ReentrantLock applying = new ReentrantLock(true);

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
    return followed.value();
  }

  /**
   * Returns when every change up to the sequence number can be found in the gallery.
   *
   * @throws GalleryBehindException after the given time, or when the follower is closed
   */
  public void awaitSequence(long sequence, Duration atMost) throws InterruptedException {
    if (!reaches(sequence, atMost)) {
      throw new GalleryBehindException(followed.value(), sequence);
    }
  }

  /** Whether every change up to the sequence number can be found in the gallery within the time. */
  public boolean reaches(long sequence, Duration atMost) throws InterruptedException {
    return followed.await(sequence, atMost);
  }

  /** To be held, by one thread, while nothing may be followed. */
  public Lock pause() {
    return applying;
  }

  /** Runs the work, which is given the gallery's position, while nothing is followed. */
  public void still(LongConsumer work) {
    applying.lock();
    try {
      work.accept(gallery.position());
    } finally {
      applying.unlock();
    }
  }

  private void follow() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          followUntilFailure();
        } catch (RuntimeException | Error e) { // out of memory too: enrolments wait for this thread
          log.warn("The gallery could not follow the ledger; trying again in {}", poll, e);
          Thread.sleep(poll);
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private void followUntilFailure() throws InterruptedException {
    ChangeWriter writer = new ChangeWriter(ledger, gallery);
    forgetAnotherPast();
    long position = gallery.position();
    followed.raise(position);
    while (true) {
      Changes page = ledger.changes(position, PAGE);
      if (page.upTo() < position) {
        throw new GalleryException("the ledger knows less than it did");
      }
      boolean idle = page.upTo() == position;
      if (idle) {
        ledger.awaitChangeAfter(position, poll);
      }
      applying.lock();
      try {
        if (idle) {
          gallery.rest();
        } else {
          writer.apply(page.changes());
          gallery.advance(page.upTo());
        }
      } finally {
        applying.unlock();
      }
      position = page.upTo();
      followed.raise(position);
    }
  }

  /**
   * A ledger that was put back from a backup gives its numbers anew, to other faces than those that
   * the gallery knows by them.
   */
  private void forgetAnotherPast() {
    if (gallery.position() > ledger.sequence()) {
      log.warn("The gallery is ahead of the ledger, which must be an older one; emptying it");
      gallery.forget();
      followed.lower(0);
    }
  }

  /** Stops following. Ledger and gallery are the caller's to close, afterwards. */
  @Override
  public void close() {
    followed.close();
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
