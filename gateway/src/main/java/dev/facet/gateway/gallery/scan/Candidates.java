package dev.facet.gateway.gallery.scan;

/**
 * Faces that the upper bits of their codes could not leave out, some blocks' together.
 *
 * <p>What comes next of each, its lower bits, lies anywhere in memory; the processor waits for all
 * of them about as long as for one, if it is asked for them one right after the other.
 */
final class Candidates {
  private static final int MANY = 256;

  private final int[] slots = new int[MANY + Block.FACES];
  private final int[] sums = new int[MANY + Block.FACES];
  private int count;

  /** What was read ahead; kept, so that the reading is not optimised away. */
  @SuppressWarnings("UnusedVariable")
  private long fetched;

  /**
   * Notes a face.
   *
   * @param sum of its upper bits, from {@link Kernel#sums}
   */
  void add(int slot, int sum) {
    slots[count] = slot;
    sums[count] = sum;
    count++;
  }

  /** Whether there may be no room for another block's. */
  boolean areMany() {
    return count > MANY;
  }

  int count() {
    return count;
  }

  int slot(int candidate) {
    return slots[candidate];
  }

  int sum(int candidate) {
    return sums[candidate];
  }

  /** Brings the lower codes of all into the processor's cache. */
  void fetch(View view) {
    long read = 0;
    for (int i = 0; i < count; i++) {
      Codes codes = view.codes(slots[i] / Block.FACES);
      int face = slots[i] % Block.FACES;
      int longs = codes.low().length / Block.FACES;
      read +=
          codes.low()[face * longs]
              + codes.low()[(face + 1) * longs - 1]
              + (long) codes.fine()[face * Codes.FINE];
    }
    fetched += read;
  }

  void clear() {
    count = 0;
  }
}
