package dev.facet.gateway.gallery;

import dev.facet.gateway.ledger.FaceCollection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Keys and vectors, searched by distance; nothing else.
 *
 * <p>Which face a key stands for, whose it is, its metadata, and whether it is still alive are the
 * ledger's to say, so a gallery need not change when a subject is renamed or merged. {@link
 * FaceSearch} joins the two.
 *
 * <ul>
 *   <li>One {@link GalleryFollower} writes; any number of threads search.
 *   <li>When a write returns, every search that starts afterwards sees it.
 *   <li>Writes may be repeated: a key has one vector for ever, and is one face however often it is
 *       written.
 *   <li>Collections are told apart by {@link FaceCollection#number}; one never sees another.
 * </ul>
 *
 * <p>Every method may throw {@link GalleryException}.
 */
public interface Gallery extends AutoCloseable {

  /** Makes the collection ready for writes and searches; does nothing when it is. */
  void open(FaceCollection collection);

  /** Writes the vectors, whose dimension is the collection's. */
  void upsert(FaceCollection collection, List<Entry> entries);

  /** Removes the faces; keys that are not there are removed already. */
  void delete(FaceCollection collection, List<Long> keys);

  /**
   * Puts right what differs from the ledger, however long ago it was written.
   *
   * @param missing faces that were written and are not there
   * @param extra keys that were removed and are there
   */
  default void mend(FaceCollection collection, List<Entry> missing, List<Long> extra) {
    if (!missing.isEmpty()) {
      upsert(collection, missing);
    }
    if (!extra.isEmpty()) {
      delete(collection, extra);
    }
  }

  /**
   * The nearest faces, ascending in squared L2 distance. A collection that was never opened is
   * empty.
   *
   * @throws dev.facet.gateway.ledger.LedgerRefusal MODEL_MISMATCH, VECTOR_DIMENSION
   */
  List<Hit> search(FaceCollection collection, Query query);

  /** How many faces the collection has here. */
  long count(FaceCollection collection);

  /** Keys greater than the given one (0 at first), ascending. */
  List<Long> keys(FaceCollection collection, long after, int limit);

  /**
   * Begins an empty copy of the collection; one that was begun before and not published is gone.
   */
  Draft draft(FaceCollection collection);

  /** The copy that a published draft replaced, until it is closed, which removes it. */
  Optional<Draft> kept(FaceCollection collection);

  /** Removes a collection, by its number, with everything in it. */
  void drop(long collection);

  /** The ledger's sequence number up to which this gallery has followed; 0 for a new one. */
  long position();

  /** Remembers how far it has followed, after the writes up to there. */
  void advance(long position);

  /** Called in the place of a write, now and then, while there is nothing to write. */
  default void rest() {}

  /**
   * Waits until what was followed, up to a sequence number, is in the store, for galleries that
   * hold it back for a while; false when that took longer.
   */
  default boolean settle(long sequence, Duration atMost) throws InterruptedException {
    return true;
  }

  /** False while it is known that searches would fail. */
  default boolean isAnswering() {
    return true;
  }

  /** Empties the gallery, which begins anew at position 0. */
  void forget();

  @Override
  void close();
}
