package dev.facet.gateway.gallery.scan;

import java.util.Arrays;
import java.util.List;

/**
 * Short codes of the vectors of one block: two bits for every dimension, and what a distance is
 * estimated from.
 *
 * @param high the upper bit, whether the value lies above the mean: {@code high[word * FACES +
 *     face]}, 32 dimensions a word
 * @param low the lower bit: {@code low[face * longs + i]}, 64 dimensions a long
 * @param norm squared distance to the mean; {@link #NOWHERE} where there is no face
 * @param ones set bits of {@code high}
 * @param coarseScale see {@link #write}
 * @param coarseError see {@link #write}
 * @param fine of each face, side by side because few are asked for: norm, sum of the two-bit
 *     numbers, scale and error with both bits
 */
@SuppressWarnings("ArrayRecordComponent") // one set of arrays, written in place
record Codes(
    int[] high,
    long[] low,
    float[] norm,
    float[] ones,
    float[] coarseScale,
    float[] coarseError,
    float[] fine) {

  /** Numbers of a face in {@code fine}. */
  static final int FINE = 4;

  /** The step, in standard deviations, of the best even quantiser of four levels (Max, 1960). */
  private static final double STEP = 0.9957;

  /** Farther than any face, and yet not so far that sums overflow. */
  static final float NOWHERE = 1e30f;

  /** No face is there yet. */
  static Codes empty(int dimension) {
    int longs = longs(dimension);
    Codes codes =
        new Codes(
            new int[2 * longs * Block.FACES],
            new long[longs * Block.FACES],
            new float[Block.FACES],
            new float[Block.FACES],
            new float[Block.FACES],
            new float[Block.FACES],
            new float[Block.FACES * FINE]);
    Arrays.fill(codes.norm, NOWHERE);
    return codes;
  }

  static int longs(int dimension) {
    return Math.ceilDiv(dimension, Long.SIZE);
  }

  /**
   * Writes the code of a vector.
   *
   * <p>With {@code x} the vector less the mean and {@code s} its code as numbers (-1 and 1, or -3,
   * -1, 1 and 3), {@code <x, q>} is estimated as {@code scale * <s, q>}, where {@code scale = |x|^2
   * / <x, s>} makes {@code scale * s - x} orthogonal to {@code x}. For a {@code q} in no special
   * direction the estimate is then off by a normal deviate of {@code |scale * s - x| * |q| / sqrt(d
   * - 1)}; the error kept is that without {@code |q|}. The idea is RaBitQ's (Gao and Long, SIGMOD
   * 2024), without its rotation: embeddings have no preferred axes to turn away from.
   */
  void write(int face, float[] x) {
    double square = 0;
    for (float value : x) {
      square += (double) value * value;
    }
    double step = STEP * Math.sqrt(square / x.length);
    int longs = low.length / Block.FACES;
    double alongCoarse = 0;
    double alongFine = 0;
    int set = 0;
    int sum = 0;
    int squares = 0;
    for (int i = 0; i < x.length; i++) {
      boolean above = x[i] > 0;
      boolean outer = Math.abs(x[i]) > step;
      int level = (above ? 2 : 0) + (above == outer ? 1 : 0);
      int number = 2 * level - 3;
      if (above) {
        high[i / Integer.SIZE * Block.FACES + face] |= 1 << i;
        set++;
      }
      if ((level & 1) != 0) {
        low[face * longs + i / Long.SIZE] |= 1L << i;
      }
      alongCoarse += Math.abs(x[i]);
      alongFine += (double) number * x[i];
      sum += level;
      squares += number * number;
    }
    norm[face] = (float) square;
    ones[face] = set;
    coarseScale[face] = scale(square, alongCoarse);
    coarseError[face] = error(square, coarseScale[face], x.length, x.length);
    float scale = scale(square, alongFine);
    fine[face * FINE] = norm[face];
    fine[face * FINE + 1] = sum;
    fine[face * FINE + 2] = scale;
    fine[face * FINE + 3] = error(square, scale, squares, x.length);
  }

  private static float scale(double square, double along) {
    return along > 0 ? (float) (square / along) : 0;
  }

  private static float error(double square, double scale, int squares, int dimension) {
    return (float) Math.sqrt(Math.max(0, scale * scale * squares - square) / (dimension - 1.0));
  }

  /** Leaves nothing of the face. */
  void erase(int face) {
    for (int at = face; at < high.length; at += Block.FACES) {
      high[at] = 0;
    }
    int longs = low.length / Block.FACES;
    Arrays.fill(low, face * longs, (face + 1) * longs, 0);
    norm[face] = NOWHERE;
    ones[face] = 0;
    coarseScale[face] = 0;
    coarseError[face] = 0;
    Arrays.fill(fine, face * FINE, (face + 1) * FINE, 0);
    fine[face * FINE] = NOWHERE;
  }

  /** All that there is beside the bits. */
  List<float[]> numbers() {
    return List.of(norm, ones, coarseScale, coarseError, fine);
  }
}
