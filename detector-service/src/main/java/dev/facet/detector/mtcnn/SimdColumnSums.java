package dev.facet.detector.mtcnn;

import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2S;

import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adds the rows up one after the other, with the JDK's Vector API, into a row of sums that stays in
 * the nearest cache; what then has to be done number by number is done once for all rows.
 */
final class SimdColumnSums implements ColumnSums {
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(SHORTS.vectorBitSize() / 2));

  /** As many as are worth it; without the compiler C2 there are four. */
  private static final int LEAST_LANES = 16;

  private final int bytes;
  private final short[] sums;

  /**
   * @param bytes in a row
   */
  SimdColumnSums(int bytes) {
    this.bytes = bytes;
    this.sums = new short[bytes + SHORTS.length()];
  }

  static boolean isCompiled() {
    return SHORTS.length() >= LEAST_LANES;
  }

  @Override
  public void addUp(byte[] rgb, int start, int stride, int rows, int[] running) {
    if (rows > MOST_ROWS) {
      new PlainColumnSums(bytes).addUp(rgb, start, stride, rows, running);
      return;
    }
    Arrays.fill(sums, (short) 0);
    for (int row = 0; row < rows; row++) {
      add(rgb, start + row * stride);
    }
    int red = 0;
    int green = 0;
    int blue = 0;
    for (int i = 0; i < bytes; i += 3) {
      running[i + 3] = red += sums[i] & 0xffff;
      running[i + 4] = green += sums[i + 1] & 0xffff;
      running[i + 5] = blue += sums[i + 2] & 0xffff;
    }
  }

  private void add(byte[] rgb, int at) {
    // The last vector may read pixels beyond the row, but not beyond the picture.
    int whole = Math.min(bytes, rgb.length - at - BYTES.length() + 1);
    int i = 0;
    for (; i < whole; i += BYTES.length()) {
      var pixels =
          (ShortVector)
              ByteVector.fromArray(BYTES, rgb, at + i).convertShape(ZERO_EXTEND_B2S, SHORTS, 0);
      pixels.add(ShortVector.fromArray(SHORTS, sums, i)).intoArray(sums, i);
    }
    for (; i < bytes; i++) {
      sums[i] += (short) (rgb[at + i] & 0xff);
    }
  }
}
