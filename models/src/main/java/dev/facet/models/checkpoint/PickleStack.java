package dev.facet.models.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * The stack of a pickle's machine, with the marks from which some instructions take all above.
 *
 * <p>Every access is checked: a program that takes more than is there, or something of another
 * type, ends with a {@link CheckpointException}.
 */
final class PickleStack {

  static final int DEEPEST = 100_000;

  private final List<Object> values = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();

  int size() {
    return values.size();
  }

  void push(Object value) {
    requireRoom(values.size());
    values.add(value);
  }

  <T> T pop(Class<T> type) {
    T value = at(values.size() - 1, type);
    values.removeLast();
    return value;
  }

  <T> T at(int index, Class<T> type) {
    if (index < 0) {
      throw underflow();
    }
    Object value = values.get(index);
    if (!type.isInstance(value)) {
      throw new CheckpointException(
          "the pickle has a %s where it needs a %s"
              .formatted(value.getClass().getSimpleName(), type.getSimpleName()));
    }
    return type.cast(value);
  }

  /** Marks the top. */
  void mark() {
    requireRoom(marks.size());
    marks.add(values.size());
  }

  /** The index of the last mark, which is forgotten. */
  int unmark() {
    if (marks.isEmpty()) {
      throw new CheckpointException("the pickle has no mark where it needs one");
    }
    return marks.removeLast();
  }

  /** A view of what lies from an index up. */
  List<Object> above(int from) {
    if (from < 0 || from > values.size()) {
      throw underflow();
    }
    return values.subList(from, values.size());
  }

  void drop(int from) {
    above(from).clear();
  }

  private static void requireRoom(int depth) {
    if (depth >= DEEPEST) {
      throw new CheckpointException("a pickle's stack deeper than %,d".formatted(DEEPEST));
    }
  }

  private static CheckpointException underflow() {
    return new CheckpointException("the pickle takes more from its stack than is there");
  }
}
