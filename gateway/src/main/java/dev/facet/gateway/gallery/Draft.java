package dev.facet.gateway.gallery;

import java.util.List;

/**
 * A second copy of a collection beside the one that serves: written and searched by whoever builds
 * it, found by nobody else until it is published.
 *
 * <p>One thread uses a draft. Every method may throw {@link GalleryException}.
 */
public interface Draft extends AutoCloseable {
  /**
   * The ledger's sequence number up to which the draft was filled when it last served; 0 if new.
   */
  long followed();

  /** Writes the vectors, as {@link Gallery#upsert} does. */
  void upsert(List<Entry> entries);

  /** Removes the faces, as {@link Gallery#delete} does. */
  void delete(List<Long> keys);

  /** Returns when the index covers all that was written: searches are as good as they will be. */
  void finish();

  /** Searches the draft, as {@link Gallery#search} does. */
  List<Hit> search(Query query);

  /** How many faces the draft has. */
  long count();

  /**
   * Puts the draft in the place of the copy that serves; searches that start afterwards see it. The
   * other copy is kept, and is the one that {@link Gallery#kept} gives.
   *
   * @param followed the ledger's sequence number up to which the draft was filled; not less than
   *     the gallery's own position
   */
  void publish(long followed);

  /** Lets others write whom writing to this draft kept from it; the draft stays as it is. */
  default void release() {}

  /** Gives the draft up, with all that is in it, unless it was published. */
  @Override
  void close();
}
