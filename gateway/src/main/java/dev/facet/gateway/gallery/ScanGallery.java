package dev.facet.gateway.gallery;

import dev.facet.gateway.ledger.FaceCollection;
import java.util.List;
import java.util.Map;
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
  private volatile long position;

  @Override
  public void open(FaceCollection collection) {
    shelves.computeIfAbsent(
        collection.number(), _ -> new LockedShelf(new Shelf(collection.dimension())));
  }

  @Override
  public void upsert(FaceCollection collection, List<Entry> entries) {
    for (Entry entry : entries) {
      collection.requireDimension(entry.vector());
    }
    opened(collection)
        .write(shelf -> entries.forEach(entry -> shelf.put(entry.faceId(), entry.vector())));
  }

  @Override
  public void delete(FaceCollection collection, List<String> faceIds) {
    opened(collection).write(shelf -> faceIds.forEach(shelf::remove));
  }

  @Override
  public List<Hit> search(FaceCollection collection, Query query) {
    collection.requireModel(query.model());
    collection.requireDimension(query.vector());
    LockedShelf shelf = shelves.get(collection.number());
    return shelf == null ? List.of() : shelf.read(s -> s.nearest(query));
  }

  @Override
  public long count(FaceCollection collection) {
    LockedShelf shelf = shelves.get(collection.number());
    return shelf == null ? 0 : shelf.read(Shelf::size);
  }

  @Override
  public void drop(long collection) {
    shelves.remove(collection);
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

  private LockedShelf opened(FaceCollection collection) {
    LockedShelf shelf = shelves.get(collection.number());
    if (shelf == null) {
      throw new GalleryException("the collection is not open");
    }
    return shelf;
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
