package dev.facet.inference.batch;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The waiting items, by shape and then by turn. Not thread-safe: the batcher's lock guards it. Time
 * is a parameter, so that its tests need no clock.
 *
 * <p>Bulk that has waited out its patience goes before interactive items, but only in every fourth
 * batch while there are any: bulk that saturates the model is always past its patience, and would
 * else be one line with them.
 */
final class ItemQueue<I, O> {

  /** Batches that interactive items lead before bulk past its patience leads one. */
  private static final int LEADS = 3;

  private int maxBatch;
  private final Map<Object, Line<I, O>> shapes = new LinkedHashMap<>();
  private final Map<Priority, Integer> sizes = new EnumMap<>(Priority.class);
  private long sequence;
  private int leads = LEADS; // since bulk led

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
    shapes.computeIfAbsent(item.shape(), shape -> new Line<>()).add(item);
    sizes.merge(item.arrival().priority(), 1, Integer::sum);
  }

  /** Takes the item out; false if it was not waiting here any more. */
  boolean remove(Item<?, O> item) {
    Line<I, O> line = shapes.get(item.shape());
    if (line == null || !line.remove(item)) {
      return false;
    }
    forget(item);
    if (line.isEmpty()) {
      shapes.remove(item.shape());
    }
    return true;
  }

  /** Takes everything out. */
  List<Item<I, O>> removeAll() {
    List<Item<I, O>> all = shapes.values().stream().flatMap(Line::items).toList();
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
   * first item goes before the others' goes first; a full batch does not wait for another shape's
   * delay.
   *
   * @param draining no item waits for company any more
   */
  @Nullable Batch<I, O> poll(long nowNanos, boolean draining) {
    boolean strict = leads < LEADS;
    Line<I, O> next = null;
    Item<I, O> leader = null;
    int most = 0;
    for (Line<I, O> line : shapes.values()) {
      Item<I, O> first = line.first(strict);
      if (first != null
          && decide(line, nowNanos, draining) instanceof Decision.Run(int items)
          && (leader == null || Line.precedes(first, leader, strict))) {
        next = line;
        leader = first;
        most = items;
      }
    }
    if (next == null || leader == null) {
      return null;
    }
    count(leader);
    return take(next, leader.shape(), most, nowNanos, strict);
  }

  /** How long until a batch is due if nothing else happens; {@link Long#MAX_VALUE}: never. */
  long nanosToNextBatch(long nowNanos) {
    long least = Long.MAX_VALUE;
    for (Line<I, O> line : shapes.values()) {
      least =
          switch (decide(line, nowNanos, /* draining= */ false)) {
            case Decision.Run run -> 0;
            case Decision.Wait(long nanos) -> Math.min(least, nanos);
          };
    }
    return least;
  }

  /** Remembers who leads, where bulk might have. */
  private void count(Item<I, O> leader) {
    if (leader.arrival().priority() == Priority.BULK) {
      leads = 0;
    } else if (leads < LEADS && shapes.values().stream().anyMatch(l -> l.overtakenBy(leader))) {
      leads++;
    }
  }

  private Decision decide(Line<I, O> line, long nowNanos, boolean draining) {
    long due = nowNanos;
    if (!draining && line.size() < maxBatch) {
      due =
          nowNanos
              + line.items()
                  .mapToLong(item -> item.arrival().dueNanos() - nowNanos)
                  .min()
                  .orElse(0);
    }
    return Decision.of(maxBatch, line.size(), due, nowNanos);
  }

  private Batch<I, O> take(Line<I, O> line, Object shape, int most, long nowNanos, boolean strict) {
    List<Item<I, O>> items = new ArrayList<>(most);
    List<Item<I, O>> expired = new ArrayList<>();
    Item<I, O> item;
    while (items.size() < most && (item = line.first(strict)) != null) {
      line.remove(item);
      (item.arrival().remainingNanos(nowNanos) > 0 ? items : expired).add(item);
      forget(item);
    }
    if (line.isEmpty()) {
      shapes.remove(shape);
    }
    return new Batch<>(items, expired);
  }

  private void forget(Item<?, O> item) {
    sizes.merge(item.arrival().priority(), -1, Integer::sum);
  }
}
