package dev.facet.gateway.gallery.milvus;

import dev.facet.gateway.gallery.Draft;
import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.Hit;
import dev.facet.gateway.gallery.Query;
import java.util.List;

/**
 * A draft that keeps others from settling from its first write on: what they carried to the copy
 * that serves would not be in the one that takes its place.
 */
record LockedDraft(Draft draft, SettlingRight right) implements Draft {
  @Override
  public long followed() {
    return draft.followed();
  }

  @Override
  public void upsert(List<Entry> entries) {
    right.take();
    draft.upsert(entries);
  }

  @Override
  public void delete(List<Long> keys) {
    right.take();
    draft.delete(keys);
  }

  @Override
  public void finish() {
    right.take();
    draft.finish();
  }

  /** Asks for the right each time, because a thousand searches may take longer than it lasts. */
  @Override
  public List<Hit> search(Query query) {
    right.take();
    return draft.search(query);
  }

  @Override
  public long count() {
    return draft.count();
  }

  @Override
  public void publish(long filled) {
    right.take();
    draft.publish(filled);
  }

  @Override
  public void release() {
    right.giveBack();
  }

  @Override
  public void close() {
    try {
      draft.close();
    } finally {
      right.giveBack();
    }
  }
}
