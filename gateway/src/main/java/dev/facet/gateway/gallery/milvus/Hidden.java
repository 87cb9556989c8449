package dev.facet.gateway.gallery.milvus;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Faces that were deleted, and that Milvus may still find. */
final class Hidden {
  private final Map<Long, Set<Long>> keys = new ConcurrentHashMap<>();

  /* Guarded by this. */
  private final Deque<Batch> batches = new ArrayDeque<>();
  private final Set<CollectionKey> next = new HashSet<>();

  private record CollectionKey(long collection, long key) {}

  /** Deleted by changes up to a position. */
  private record Batch(long position, Set<CollectionKey> keys) {}

  synchronized void add(long collection, List<Long> deleted) {
    keys.computeIfAbsent(collection, _ -> ConcurrentHashMap.newKeySet()).addAll(deleted);
    deleted.forEach(key -> next.add(new CollectionKey(collection, key)));
  }

  /** What was added since the last call was deleted by changes up to this position. */
  synchronized void advance(long position) {
    if (!next.isEmpty()) {
      batches.add(new Batch(position, Set.copyOf(next)));
      next.clear();
    }
  }

  /** Milvus has heard of all changes up to this position. */
  synchronized void settled(long position) {
    while (!batches.isEmpty() && batches.getFirst().position() <= position) {
      for (CollectionKey deleted : batches.removeFirst().keys()) {
        Set<Long> ofCollection = keys.get(deleted.collection());
        if (ofCollection != null) {
          ofCollection.remove(deleted.key());
        }
      }
    }
  }

  synchronized void drop(long collection) {
    keys.remove(collection);
  }

  Set<Long> of(long collection) {
    return keys.getOrDefault(collection, Set.of());
  }
}
