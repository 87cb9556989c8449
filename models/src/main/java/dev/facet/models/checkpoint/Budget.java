package dev.facet.models.checkpoint;

/**
 * What reading one checkpoint may ask of the heap; whatever a file's own numbers size is asked for
 * here first.
 *
 * <p>A number stored in one byte becomes a float of four, and weights compress little, so sixteen
 * bytes of heap for each byte of file are enough for any honest file: a small hostile one cannot
 * ask for much.
 */
final class Budget {

  private static final long FOR_ANY_FILE = 1 << 20;
  private static final long PER_FILE_BYTE = 16;

  /** A file of the largest size in float32, and once more as bytes. */
  private static final long MOST = 2 * Checkpoint.LARGEST_FILE_BYTES + FOR_ANY_FILE;

  private final long limit;
  private long held;
  private long peak;

  Budget(long limit) {
    this.limit = limit;
  }

  static Budget ofFiles(long bytes) {
    return new Budget(Math.min(FOR_ANY_FILE + PER_FILE_BYTE * bytes, MOST));
  }

  /**
   * Asks for heap.
   *
   * @throws CheckpointException if that would be more than the limit
   */
  void take(long bytes, String what) {
    if (bytes < 0 || bytes > limit - held) {
      throw new CheckpointException(
          "%s asks for %,d bytes of memory beside %,d in use; this file may have %,d"
              .formatted(what, bytes, held, limit));
    }
    held += bytes;
    peak = Math.max(peak, held);
  }

  void giveBack(long bytes) {
    held -= bytes;
  }

  byte[] bytes(long length, String what) {
    int array = array(length, what);
    take(array, what);
    return new byte[array];
  }

  float[] floats(long length, String what) {
    int array = array(length, what);
    take((long) array * Float.BYTES, what);
    return new float[array];
  }

  private static int array(long length, String what) {
    // The JVM refuses arrays of the very longest lengths.
    if (length < 0 || length > Integer.MAX_VALUE - 8) {
      throw new CheckpointException("%s cannot have %,d elements".formatted(what, length));
    }
    return (int) length;
  }

  /** The most that was in use at once. */
  long peak() {
    return peak;
  }
}
