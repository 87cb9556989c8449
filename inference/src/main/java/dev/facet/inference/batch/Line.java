package dev.facet.inference.batch;

import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The waiting items of one shape, each priority in the order of its turns. */
final class Line<I, O> {

  private final NavigableSet<Item<I, O>> interactive = new TreeSet<>(Line::byTurn);
  private final NavigableSet<Item<I, O>> bulk = new TreeSet<>(Line::byTurn);

  void add(Item<I, O> item) {
    of(item.arrival().priority()).add(item);
  }

  boolean remove(Item<?, O> item) {
    return of(item.arrival().priority()).remove(item);
  }

  boolean isEmpty() {
    return interactive.isEmpty() && bulk.isEmpty();
  }

  int size() {
    return interactive.size() + bulk.size();
  }

  Stream<Item<I, O>> items() {
    return Stream.concat(interactive.stream(), bulk.stream());
  }

  /**
   * The next item, or null if there is none.
   *
   * @param strict bulk comes after every interactive item, whatever its turn
   */
  @Nullable Item<I, O> first(boolean strict) {
    if (interactive.isEmpty() || bulk.isEmpty()) {
      return interactive.isEmpty() ? head(bulk) : interactive.first();
    }
    return precedes(bulk.first(), interactive.first(), strict) ? bulk.first() : interactive.first();
  }

  /** Whether a bulk item is here whose turn was before this item's. */
  boolean overtakenBy(Item<?, ?> item) {
    return !bulk.isEmpty() && byTurn(bulk.first(), item) < 0;
  }

  /** Whether one item goes before another, of this line or of different ones. */
  static boolean precedes(Item<?, ?> a, Item<?, ?> b, boolean strict) {
    Priority of = a.arrival().priority();
    if (strict && of != b.arrival().priority()) {
      return of == Priority.INTERACTIVE;
    }
    return byTurn(a, b) < 0;
  }

  private static <T> @Nullable T head(NavigableSet<T> set) {
    return set.isEmpty() ? null : set.first();
  }

  private NavigableSet<Item<I, O>> of(Priority priority) {
    return priority == Priority.BULK ? bulk : interactive;
  }

  private static int byTurn(Item<?, ?> a, Item<?, ?> b) {
    long later = a.arrival().turnNanos() - b.arrival().turnNanos(); // nanoTime may wrap
    return later != 0 ? Long.signum(later) : Long.compare(a.sequence, b.sequence);
  }
}
