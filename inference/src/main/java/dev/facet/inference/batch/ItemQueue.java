package dev.facet.inference.batch;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The waiting items, by shape and then by turn. Not thread-safe: the batcher's lock guards it. Time
 * is a parameter, so that its tests need no clock.
 */
final class ItemQueue<I, O> {

  private int maxBatch;
  private final Map<Object, NavigableSet<Item<I, O>>> shapes = new LinkedHashMap<>();
  private final Map<Priority, Integer> sizes = new EnumMap<>(Priority.class);
  private long sequence;

  ItemQueue(int maxBatch) {
    this.maxBatch = maxBatch;
  }

  /** Forms no batch of more items from now on; true if that changes anything. */
  boolean limit(int items) {
    boolean less = items < maxBatch;
    maxBatch = Math.min(items, maxBatch);
    return less;
  }

  int limit() {
    return maxBatch;
  }

  void add(Item<I, O> item) {
    item.sequence = sequence++;
    shapes.computeIfAbsent(item.shape(), shape -> new TreeSet<>(ItemQueue::byTurn)).add(item);
    sizes.merge(item.arrival().priority(), 1, Integer::sum);
  }

  /** Takes the item out; false if it was not waiting here any more. */
  boolean remove(Item<?, O> item) {
    NavigableSet<Item<I, O>> waiting = shapes.get(item.shape());
    if (waiting == null || !waiting.remove(item)) {
      return false;
    }
    forget(item);
    if (waiting.isEmpty()) {
      shapes.remove(item.shape());
    }
    return true;
  }

  /** Takes everything out. */
  List<Item<I, O>> removeAll() {
    List<Item<I, O>> all = shapes.values().stream().flatMap(NavigableSet::stream).toList();
    shapes.clear();
    sizes.clear();
    return all;
  }

  boolean isEmpty() {
    return shapes.isEmpty();
  }

  int size(Priority priority) {
    return sizes.getOrDefault(priority, 0);
  }

  /**
   * Items that are served before a newcomer of this priority, bulk past its patience not counted.
   */
  int ahead(Priority priority) {
    int interactive = size(Priority.INTERACTIVE);
    return priority == Priority.INTERACTIVE ? interactive : interactive + size(Priority.BULK);
  }

  /**
   * Takes the batch that is due, or null if none is. Of several shapes that are due the one whose
   * first item's turn is earliest goes first; a full batch does not wait for another shape's delay.
   *
   * @param draining no item waits for company any more
   */
  @Nullable Batch<I, O> poll(long nowNanos, boolean draining) {
    NavigableSet<Item<I, O>> next = null;
    int most = 0;
    for (NavigableSet<Item<I, O>> waiting : shapes.values()) {
      if (decide(waiting, nowNanos, draining) instanceof Decision.Run(int items)
          && (next == null || byTurn(waiting.first(), next.first()) < 0)) {
        next = waiting;
        most = items;
      }
    }
    return next == null ? null : take(next, most, nowNanos);
  }

  /** How long until a batch is due if nothing else happens; {@link Long#MAX_VALUE}: never. */
  long nanosToNextBatch(long nowNanos) {
    long least = Long.MAX_VALUE;
    for (NavigableSet<Item<I, O>> waiting : shapes.values()) {
      least =
          switch (decide(waiting, nowNanos, /* draining= */ false)) {
            case Decision.Run run -> 0;
            case Decision.Wait(long nanos) -> Math.min(least, nanos);
          };
    }
    return least;
  }

  private Decision decide(NavigableSet<Item<I, O>> waiting, long nowNanos, boolean draining) {
    long due = nowNanos;
    if (!draining && waiting.size() < maxBatch) {
      long wait = Long.MAX_VALUE;
      for (Item<I, O> item : waiting) {
        wait = Math.min(wait, item.arrival().dueNanos() - nowNanos);
      }
      due = nowNanos + wait;
    }
    return Decision.of(maxBatch, waiting.size(), due, nowNanos);
  }

  private Batch<I, O> take(NavigableSet<Item<I, O>> waiting, int most, long nowNanos) {
    List<Item<I, O>> items = new ArrayList<>(most);
    List<Item<I, O>> expired = new ArrayList<>();
    Item<I, O> item = waiting.first();
    Object shape = item.shape();
    while (items.size() < most && (item = waiting.pollFirst()) != null) {
      (item.arrival().remainingNanos(nowNanos) > 0 ? items : expired).add(item);
      forget(item);
    }
    if (waiting.isEmpty()) {
      shapes.remove(shape);
    }
    return new Batch<>(items, expired);
  }

  private void forget(Item<?, O> item) {
    sizes.merge(item.arrival().priority(), -1, Integer::sum);
  }

  private static int byTurn(Item<?, ?> a, Item<?, ?> b) {
    long later = a.arrival().turnNanos() - b.arrival().turnNanos(); // nanoTime may wrap
    return later != 0 ? Long.signum(later) : Long.compare(a.sequence, b.sequence);
  }
}
