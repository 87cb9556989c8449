package dev.facet.gateway.jobs;

import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.ledger.FaceCollection;
import java.util.List;

/** Walks over the keys that a gallery has of a collection, upwards, a page at a time. */
final class KeyCursor {
  static final long NONE = Long.MAX_VALUE;

  private static final int PAGE = 1_000;

  private final Gallery gallery;
  private final FaceCollection collection;
  private List<Long> page = List.of();
  private int next;
  private boolean last;

  KeyCursor(Gallery gallery, FaceCollection collection) {
    this.gallery = gallery;
    this.collection = collection;
  }

  /** The least key that is not less, or {@link #NONE}; to be asked for ever greater ones. */
  long atLeast(long key) {
    while (next < page.size() && page.get(next) < key) {
      next++;
    }
    if (next == page.size()) {
      if (last) {
        return NONE;
      }
      page = gallery.keys(collection, key - 1, PAGE);
      last = page.size() < PAGE;
      next = 0;
    }
    return page.isEmpty() ? NONE : page.get(next);
  }

  boolean has(long key) {
    return atLeast(key) == key;
  }
}
