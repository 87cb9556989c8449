package dev.facet.gateway.gallery.scan;

/**
 * A query's vector less the mean, with values of four bits, to be compared with {@link Codes}.
 *
 * <p>A bound is the estimated squared distance less some standard deviations of its error. That
 * error has two parts: the code's (see {@link Codes#write}), and the rounding of the query's values
 * to steps, whose deviation is {@code step / sqrt(12)} each. Over 6 million pairs of vectors with
 * the spread of real face embeddings the error's deviation was 0.998 of the one computed, and the
 * largest error 5.2 of them; see docs/decisions.md.
 */
final class CodedQuery {
  /**
   * For a search within a distance, which must find everyone: of the faces at exactly that distance
   * one in 50 million is missed, of nearer ones fewer.
   */
  private static final float COMPLETE = 5.5f;

  /**
   * For the nearest few: of the faces at exactly the last one's distance one in 30,000 is missed.
   * The last ones are strangers; a person's own photos are nearer by several deviations more.
   */
  private static final float FEW = 4;

  private static final int BITS = 4;
  private static final int STEPS = (1 << BITS) - 1;

  private final int[][] planes;
  private final long[][] longPlanes;
  private final float low;
  private final float step;
  private final float total;
  private final float norm;
  private final float codeSpread;
  private final float stepSpread;
  private final float sigmas;

  /**
   * A query for a shelf with this mean.
   *
   * @param complete whether the search is one within a distance
   */
  CodedQuery(float[] query, float[] mean, boolean complete) {
    sigmas = complete ? COMPLETE : FEW;
    int dimension = mean.length;
    float[] x = new float[dimension];
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    double square = 0;
    for (int i = 0; i < dimension; i++) {
      x[i] = query[i] - mean[i];
      least = Math.min(least, x[i]);
      most = Math.max(most, x[i]);
      square += (double) x[i] * x[i];
    }
    low = least;
    step = Math.max((most - least) / STEPS, Float.MIN_NORMAL);
    int longs = Codes.longs(dimension);
    planes = new int[BITS][2 * longs];
    longPlanes = new long[BITS][longs];
    double sum = 0;
    for (int i = 0; i < dimension; i++) {
      int steps = Math.round((x[i] - low) / step);
      sum += low + (double) step * steps;
      for (int bit = 0; bit < BITS; bit++) {
        if ((steps >> bit & 1) != 0) {
          planes[bit][i / Integer.SIZE] |= 1 << i;
          longPlanes[bit][i / Long.SIZE] |= 1L << i;
        }
      }
    }
    total = (float) sum;
    norm = (float) square;
    stepSpread = step * step / 12;
    codeSpread = norm + (dimension - 1) * stepSpread;
  }

  /** {@code planes[bit][word]}: that bit of the values of 32 dimensions. */
  int[][] planes() {
    return planes;
  }

  /** The value that zero steps stand for. */
  float low() {
    return low;
  }

  float step() {
    return step;
  }

  /** Sum of the rounded values. */
  float total() {
    return total;
  }

  /** Standard deviations between an estimate and its bound. */
  float sigmas() {
    return sigmas;
  }

  /** Squared distance to the mean. */
  float norm() {
    return norm;
  }

  /** What the square of a code's error is multiplied with, in the square of the whole error. */
  float codeSpread() {
    return codeSpread;
  }

  /** What a face's norm is multiplied with, in the square of the whole error. */
  float stepSpread() {
    return stepSpread;
  }

  /**
   * A bound by the upper bit alone.
   *
   * @param sum of {@link Kernel#sums}
   */
  float coarseBound(Codes codes, int face, int sum) {
    float product = 2 * (step * sum + low * codes.ones()[face]) - total;
    return bound(
        codes.norm()[face], product * codes.coarseScale()[face], codes.coarseError()[face]);
  }

  /**
   * A bound by both bits, about half as far from the distance.
   *
   * @param sum of {@link Kernel#sums}
   */
  float fineBound(Codes codes, int face, int sum) {
    int lower = Kernel.BEST.sum(codes.low(), face * longPlanes[0].length, longPlanes);
    float[] fine = codes.fine();
    int at = face * Codes.FINE;
    float product = 2 * (step * (2 * sum + lower) + low * fine[at + 1]) - 3 * total;
    return bound(fine[at], product * fine[at + 2], fine[at + 3]);
  }

  private float bound(float faceNorm, float product, float error) {
    float spread = (float) Math.sqrt(error * error * codeSpread + faceNorm * stepSpread);
    return faceNorm + norm - 2 * (product + sigmas * spread);
  }
}
