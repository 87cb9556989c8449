package dev.facet.models.checkpoint;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a pickle's values become beside the JDK's own {@code Long}, {@code BigInteger}, {@code
 * Double}, {@code Boolean}, {@code String}, {@code List} and {@code Map}.
 */
sealed interface Pickled {

  /** Python's {@code None}. */
  enum None implements Pickled {
    NONE
  }

  /** A name that stands for itself: a data type, a device, a layout. */
  record Constant(String name) implements Pickled {}

  /** A sequence that does not change. */
  record Tuple(List<Object> items) implements Pickled {

    int size() {
      return items.size();
    }

    /**
     * One of the items.
     *
     * @throws CheckpointException if there are fewer, or it is of another type
     */
    <T> T item(int index, Class<T> type) {
      if (index >= items.size() || !type.isInstance(items.get(index))) {
        throw new CheckpointException(
            "a tuple of %d has no %s as number %d"
                .formatted(items.size(), type.getSimpleName(), index));
      }
      return type.cast(items.get(index));
    }

    /** The items, all whole numbers. */
    List<Long> longs() {
      return IntStream.range(0, items.size()).mapToObj(index -> item(index, Long.class)).toList();
    }
  }

  /** One of the few functions that a pickle may call. */
  @FunctionalInterface
  non-sealed interface Function extends Pickled {
    Object call(Tuple arguments);
  }
}
