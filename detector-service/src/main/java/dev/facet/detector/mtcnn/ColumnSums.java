package dev.facet.detector.mtcnn;

/** Adds up columns of interleaved red, green and blue; not for several threads. */
interface ColumnSums {
  /** Whether the JVM was started with the Vector API, and compiles it. */
  boolean SIMD =
      ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
          && SimdColumnSums.isCompiled();

  /** What a sum may be written beyond the last. */
  int MARGIN = 24;

  /** Rows that sums of 16 bits cannot overflow with. */
  int MOST_ROWS = 256;

  /**
   * Makes {@code running[3 * c + k]} the sum of colour k in all columns before c, from these rows.
   * Sums may overflow; differences of two are right as long as they fit.
   *
   * @param start the first byte of the first row
   * @param stride from a row to the next
   * @param running begins with three zeros, which are left; room for {@link #MARGIN} more than
   *     there are bytes
   */
  void addUp(byte[] rgb, int start, int stride, int rows, int[] running);

  /** For rows of so many bytes, with what this JVM's flags allow. */
  static ColumnSums of(int bytes) {
    return SIMD ? new SimdColumnSums(bytes) : new PlainColumnSums(bytes);
  }
}
