package dev.facet.gateway.gallery;

import dev.facet.gateway.ledger.FaceCollection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The gallery that serves, whose place another can take while it is searched.
 *
 * <p>A call goes to the one that serves when it begins, and ends there.
 */
public final class ServingGallery implements Gallery {
  private volatile Seat seat;

  /** Held for reading by those for whom the same gallery must serve from beginning to end. */
  private final ReentrantReadWriteLock replacing = new ReentrantReadWriteLock(true);

  /**
   * A gallery with the calls under way in it.
   *
   * @param calls held for reading during each; for writing, and for ever, once it serves no more
   */
  private record Seat(GalleryKind kind, Gallery gallery, ReentrantReadWriteLock calls) {
    Seat(GalleryKind kind, Gallery gallery) {
      this(kind, gallery, new ReentrantReadWriteLock());
    }
  }

  /** The first gallery; closed with this, or when it is replaced. */
  public ServingGallery(GalleryKind kind, Gallery gallery) {
    seat = new Seat(kind, gallery);
  }

  /** The kind of the one that serves. */
  public GalleryKind kind() {
    return seat.kind();
  }

  /** To be held, by one thread, during work that must end in the gallery that it began in. */
  public Lock steady() {
    return replacing.readLock();
  }

  /** To be held, by one thread, around {@link #replace}. */
  public Lock replacing() {
    return replacing.writeLock();
  }

  /** Lets another gallery serve. */
  public Replaced replace(GalleryKind kind, Gallery gallery) {
    Replaced before = new Replaced(seat);
    seat = new Seat(kind, gallery);
    return before;
  }

  /** A gallery that serves no more. */
  public static final class Replaced {
    private final Seat seat;

    private Replaced(Seat seat) {
      this.seat = seat;
    }

    /** Returns the gallery when no call is under way in it any more. */
    public Gallery whenUnused() throws InterruptedException {
      seat.calls().writeLock().lockInterruptibly();
      return seat.gallery();
    }
  }

  private <T> T ask(Function<Gallery, T> call) {
    while (true) {
      Seat now = seat;
      if (now.calls().readLock().tryLock()) { // it fails only where another has taken the place
        try {
          return call.apply(now.gallery());
        } finally {
          now.calls().readLock().unlock();
        }
      }
    }
  }

  private void tell(Consumer<Gallery> call) {
    ask(
        gallery -> {
          call.accept(gallery);
          return true;
        });
  }

  @Override
  public void open(FaceCollection collection) {
    tell(gallery -> gallery.open(collection));
  }

  @Override
  public void upsert(FaceCollection collection, List<Entry> entries) {
    tell(gallery -> gallery.upsert(collection, entries));
  }

  @Override
  public void delete(FaceCollection collection, List<Long> keys) {
    tell(gallery -> gallery.delete(collection, keys));
  }

  @Override
  public void mend(FaceCollection collection, List<Entry> missing, List<Long> extra) {
    tell(gallery -> gallery.mend(collection, missing, extra));
  }

  @Override
  public List<Hit> search(FaceCollection collection, Query query) {
    return ask(gallery -> gallery.search(collection, query));
  }

  @Override
  public long count(FaceCollection collection) {
    return ask(gallery -> gallery.count(collection));
  }

  @Override
  public List<Long> keys(FaceCollection collection, long after, int limit) {
    return ask(gallery -> gallery.keys(collection, after, limit));
  }

  @Override
  public Draft draft(FaceCollection collection) {
    return ask(gallery -> gallery.draft(collection));
  }

  @Override
  public Optional<Draft> kept(FaceCollection collection) {
    return ask(gallery -> gallery.kept(collection));
  }

  @Override
  public void drop(long collection) {
    tell(gallery -> gallery.drop(collection));
  }

  @Override
  public long position() {
    return ask(Gallery::position);
  }

  @Override
  public void advance(long position) {
    tell(gallery -> gallery.advance(position));
  }

  @Override
  public void rest() {
    tell(Gallery::rest);
  }

  @Override
  public boolean settle(long sequence, Duration atMost) throws InterruptedException {
    return seat.gallery().settle(sequence, atMost);
  }

  @Override
  public boolean isAnswering() {
    return ask(Gallery::isAnswering);
  }

  @Override
  public void forget() {
    tell(Gallery::forget);
  }

  @Override
  public void close() {
    seat.gallery().close();
  }
}
