package dev.facet.gateway.gallery;

import dev.facet.gateway.ledger.FaceCollection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A gallery in memory that computes every distance: exact, filled from the ledger at each start,
 * gone with the process.
 *
 * <p>Searches of a collection run side by side. A write waits for those that have begun, and those
 * that come later wait for it.
 */
public final class ScanGallery implements Gallery {
  private final Map<Long, LockedShelf> shelves = new ConcurrentHashMap<>();
  private final Map<Long, ShelfDraft> kept = new ConcurrentHashMap<>();
  private volatile long position;

  @Override
  public void open(FaceCollection collection) {
    shelves.computeIfAbsent(
        collection.number(), _ -> new LockedShelf(new Shelf(collection.dimension())));
  }

  @Override
  public void upsert(FaceCollection collection, List<Entry> entries) {
    opened(collection).put(collection, entries);
  }

  @Override
  public void delete(FaceCollection collection, List<Long> keys) {
    opened(collection).write(shelf -> keys.forEach(shelf::remove));
  }

  @Override
  public List<Hit> search(FaceCollection collection, Query query) {
    requireOfItsKind(collection, query);
    LockedShelf shelf = shelves.get(collection.number());
    return shelf == null ? List.of() : shelf.read(s -> s.nearest(query));
  }

  @Override
  public long count(FaceCollection collection) {
    LockedShelf shelf = shelves.get(collection.number());
    return shelf == null ? 0 : shelf.read(Shelf::size);
  }

  @Override
  public List<Long> keys(FaceCollection collection, long after, int limit) {
    LockedShelf shelf = shelves.get(collection.number());
    return shelf == null ? List.of() : shelf.read(s -> s.keysAfter(after, limit));
  }

  @Override
  public Draft draft(FaceCollection collection) {
    return new ShelfDraft(collection, new LockedShelf(new Shelf(collection.dimension())), 0);
  }

  @Override
  public Optional<Draft> kept(FaceCollection collection) {
    return Optional.ofNullable(kept.get(collection.number()));
  }

  @Override
  public void drop(long collection) {
    shelves.remove(collection);
    kept.remove(collection);
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void advance(long to) {
    position = to;
  }

  @Override
  public void close() {
    shelves.clear();
    position = 0;
  }

  private static void requireOfItsKind(FaceCollection collection, Query query) {
    collection.requireModel(query.model());
    collection.requireDimension(query.vector());
  }

  private LockedShelf opened(FaceCollection collection) {
    LockedShelf shelf = shelves.get(collection.number());
    if (shelf == null) {
      throw new GalleryException("the collection is not open");
    }
    return shelf;
  }

  /** A shelf of its own, until it changes places with the one that serves. */
  private final class ShelfDraft implements Draft {
    private final FaceCollection collection;
    private final LockedShelf shelf;
    private final long followed;

    ShelfDraft(FaceCollection collection, LockedShelf shelf, long followed) {
      this.collection = collection;
      this.shelf = shelf;
      this.followed = followed;
    }

    @Override
    public long followed() {
      return followed;
    }

    @Override
    public void upsert(List<Entry> entries) {
      shelf.put(collection, entries);
    }

    @Override
    public void delete(List<Long> keys) {
      shelf.write(s -> keys.forEach(s::remove));
    }

    @Override
    public void finish() {
      // What is written is searched.
    }

    @Override
    public List<Hit> search(Query query) {
      requireOfItsKind(collection, query);
      return shelf.read(s -> s.nearest(query));
    }

    @Override
    public long count() {
      return shelf.read(Shelf::size);
    }

    @Override
    public void publish(long followed) {
      LockedShelf before = shelves.put(collection.number(), shelf);
      kept.remove(collection.number());
      if (before != null) {
        kept.put(collection.number(), new ShelfDraft(collection, before, position));
      }
    }

    @Override
    public void close() {
      kept.remove(collection.number(), this);
    }
  }

  /** A shelf with many readers or one writer; fair, so that searches cannot starve a write. */
  private static final class LockedShelf {
    private final Shelf shelf;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);

    LockedShelf(Shelf shelf) {
      this.shelf = shelf;
    }

    <T> T read(Function<Shelf, T> question) {
      lock.readLock().lock();
      try {
        return question.apply(shelf);
      } finally {
        lock.readLock().unlock();
      }
    }

    void put(FaceCollection collection, List<Entry> entries) {
      entries.forEach(entry -> collection.requireDimension(entry.vector()));
      write(s -> entries.forEach(entry -> s.put(entry.key(), entry.vector())));
    }

    void write(Consumer<Shelf> change) {
      lock.writeLock().lock();
      try {
        change.accept(shelf);
      } finally {
        lock.writeLock().unlock();
      }
    }
  }
}
