package dev.facet.gateway.gallery.scan;

import dev.facet.gateway.gallery.Draft;
import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.GalleryException;
import dev.facet.gateway.gallery.Hit;
import dev.facet.gateway.gallery.Query;
import dev.facet.gateway.ledger.FaceCollection;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A gallery within the process that loses nobody: every search looks at every face, through a short
 * code first.
 *
 * <p>Either in memory alone, filled from the ledger at each start, or in a folder: then vectors lie
 * in mapped files, and a snapshot of the rest is taken from time to time, so that a start reads
 * only what came after it.
 */
public final class ScanGallery implements Gallery {
  /** A snapshot is taken after so many changes, or so long after the first of them. */
  private static final int CHANGES = 100_000;

  private static final long NANOS = TimeUnit.MINUTES.toNanos(10);

  private final @Nullable ScanFolder folder;
  private final Scanners scanners;
  private final Map<Long, Shelf> shelves = new ConcurrentHashMap<>();
  private final Map<Long, ScanFolder.Kept> kept = new ConcurrentHashMap<>();
  private volatile long position;

  /* Of the writing thread. */
  private long changes;
  private long firstChange;

  private ScanGallery(@Nullable ScanFolder folder, int threads) {
    this.folder = folder;
    this.scanners = new Scanners(threads);
    if (folder != null) {
      ScanFolder.Snapshot snapshot = folder.load();
      shelves.putAll(snapshot.shelves());
      kept.putAll(snapshot.kept());
      position = snapshot.position();
    }
  }

  /** A gallery that is gone with the process, with as many threads as processors. */
  public static ScanGallery inMemory() {
    return new ScanGallery(null, 0);
  }

  /**
   * A gallery in a folder, which is created when needed and belongs to one process at a time.
   *
   * @param ledger identity of the ledger that it follows; it begins anew when that is another
   * @param threads that scan large collections; 0 for as many as processors
   * @throws GalleryException when another process has it, or the folder cannot be used
   */
  public static ScanGallery in(Path directory, String ledger, int threads) {
    return new ScanGallery(ScanFolder.open(directory, ledger), threads);
  }

  @Override
  public void open(FaceCollection collection) {
    shelves.computeIfAbsent(collection.number(), _ -> shelf(collection));
  }

  private Shelf shelf(FaceCollection collection) {
    int dimension = collection.dimension();
    return folder == null
        ? new Shelf(dimension, () -> Vectors.inMemory(dimension))
        : new Shelf(dimension, () -> folder.vectors(collection.number(), dimension));
  }

  @Override
  public void upsert(FaceCollection collection, List<Entry> entries) {
    put(opened(collection), collection, entries);
    changed(entries.size());
  }

  private static void put(Shelf shelf, FaceCollection collection, List<Entry> entries) {
    entries.forEach(entry -> collection.requireDimension(entry.vector()));
    shelf.put(entries);
  }

  @Override
  public void delete(FaceCollection collection, List<Long> keys) {
    opened(collection).remove(keys);
    changed(keys.size());
  }

  /** Also puts it where the next start finds it, because no change of the ledger repeats it. */
  @Override
  public void mend(FaceCollection collection, List<Entry> missing, List<Long> extra) {
    Gallery.super.mend(collection, missing, extra);
    save();
  }

  @Override
  public List<Hit> search(FaceCollection collection, Query query) {
    collection.requireModel(query.model());
    collection.requireDimension(query.vector());
    Shelf shelf = shelves.get(collection.number());
    return shelf == null ? List.of() : scanners.nearest(shelf, query);
  }

  @Override
  public long count(FaceCollection collection) {
    Shelf shelf = shelves.get(collection.number());
    return shelf == null ? 0 : shelf.size();
  }

  /** How many faces have keys greater than the given one. */
  public long countAfter(FaceCollection collection, long after) {
    Shelf shelf = shelves.get(collection.number());
    return shelf == null ? 0 : shelf.countAfter(after);
  }

  @Override
  public List<Long> keys(FaceCollection collection, long after, int limit) {
    Shelf shelf = shelves.get(collection.number());
    return shelf == null ? List.of() : shelf.keysAfter(after, limit);
  }

  @Override
  public Draft draft(FaceCollection collection) {
    return new ShelfDraft(collection, shelf(collection), 0);
  }

  @Override
  public Optional<Draft> kept(FaceCollection collection) {
    return Optional.ofNullable(kept.get(collection.number()))
        .map(before -> new ShelfDraft(collection, before.shelf(), before.followed()));
  }

  @Override
  public void drop(long collection) {
    Optional.ofNullable(shelves.remove(collection)).ifPresent(Shelf::discard);
    Optional.ofNullable(kept.remove(collection)).ifPresent(before -> before.shelf().discard());
    changed(1);
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void advance(long to) {
    position = to;
    rest();
  }

  /** Takes a snapshot when it is time. */
  @Override
  public void rest() {
    if (changes >= CHANGES || (changes > 0 && System.nanoTime() - firstChange > NANOS)) {
      save();
    }
  }

  @Override
  public void forget() {
    if (folder != null) {
      folder.forget(); // A crash must not bring back faces whose numbers others may have by then.
    }
    shelves.keySet().forEach(this::drop);
    position = 0;
    save();
  }

  private void changed(int many) {
    firstChange = changes == 0 ? System.nanoTime() : firstChange;
    changes += many;
  }

  private void save() {
    changes = 0;
    if (folder != null) {
      folder.save(new ScanFolder.Snapshot(position, shelves, kept));
    }
  }

  @Override
  public void close() {
    scanners.close();
    if (folder != null) {
      save();
      folder.close();
    }
    shelves.clear();
    kept.clear();
  }

  private Shelf opened(FaceCollection collection) {
    Shelf shelf = shelves.get(collection.number());
    if (shelf == null) {
      throw new GalleryException("the collection is not open");
    }
    return shelf;
  }

  /** A shelf of its own, until it changes places with the one that serves. */
  private final class ShelfDraft implements Draft {
    private final FaceCollection collection;
    private final Shelf shelf;
    private final long followed;

    ShelfDraft(FaceCollection collection, Shelf shelf, long followed) {
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
      put(shelf, collection, entries);
    }

    @Override
    public void delete(List<Long> keys) {
      shelf.remove(keys);
    }

    @Override
    public void finish() {
      // What is written is searched.
    }

    @Override
    public List<Hit> search(Query query) {
      collection.requireModel(query.model());
      collection.requireDimension(query.vector());
      return scanners.nearest(shelf, query);
    }

    @Override
    public long count() {
      return shelf.size();
    }

    @Override
    public void publish(long filled) {
      ScanFolder.Kept before = kept.remove(collection.number());
      if (before != null && before.shelf() != shelf) {
        before.shelf().discard();
      }
      Shelf served = shelves.put(collection.number(), shelf);
      if (served != null && served != shelf) {
        kept.put(collection.number(), new ScanFolder.Kept(served, position));
      }
      save();
    }

    @Override
    public void close() {
      boolean wasKept = kept.values().removeIf(before -> before.shelf() == shelf);
      if (shelves.get(collection.number()) != shelf) {
        shelf.discard();
      }
      if (wasKept) {
        save();
      }
    }
  }
}
