package dev.facet.gateway.gallery.scan;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds a key's slot. Keys grow with time, so slots are nearly always in their order and need no
 * index; once one came out of order, a map is kept.
 */
final class SlotIndex {
  private @Nullable Map<Long, Integer> slots;
  private long last;

  /**
   * An index of slots that are there.
   *
   * @param keys of the slots, negative for removed ones
   */
  SlotIndex(IntToLongFunction keys, int count) {
    for (int slot = 0; slot < count; slot++) {
      added(keys, slot, Math.abs(keys.applyAsLong(slot)));
    }
  }

  /** The living face's slot, or a negative number. */
  int find(IntToLongFunction keys, int count, long key) {
    int slot = slots == null ? search(keys, count, key) : slots.getOrDefault(key, -1);
    return slot >= 0 && keys.applyAsLong(slot) == key ? slot : -1;
  }

  private static int search(IntToLongFunction keys, int count, long key) {
    int from = 0;
    int to = count - 1;
    while (from <= to) {
      int middle = (from + to) >>> 1;
      long there = Math.abs(keys.applyAsLong(middle));
      if (there == key) {
        return middle;
      }
      if (there < key) {
        from = middle + 1;
      } else {
        to = middle - 1;
      }
    }
    return -1;
  }

  /** Notes a key that was written to the next slot. */
  void added(IntToLongFunction keys, int slot, long key) {
    if (slots == null && key <= last) {
      slots = new HashMap<>();
      for (int i = 0; i < slot; i++) {
        slots.put(Math.abs(keys.applyAsLong(i)), i);
      }
    }
    if (slots != null) {
      slots.put(key, slot);
    }
    last = Math.max(last, key);
  }

  /** Whether slots are in the order of their keys. */
  boolean isOrdered() {
    return slots == null;
  }
}
