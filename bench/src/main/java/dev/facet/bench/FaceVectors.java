package dev.facet.bench;

import java.util.SplittableRandom;

/**
 * Draws people and their photos: a photo's vector is normalise(mean + between·z + s·within·z'),
 * where z and z' are standard normal, z is shared by a person's photos, and s = exp(0.4 n − 0.16)
 * with a standard normal n of the photo's own: some photos show a person worse than others.
 *
 * <p>A person is a number, and what is drawn of one depends on the number and the seed alone. So
 * any number of threads may draw, in any order, and nothing of a gallery need be kept in memory.
 */
public final class FaceVectors {

  private static final int DIMENSION = FaceFactors.DIMENSION;

  private final FaceFactors factors;
  private final long seed;

  public FaceVectors(FaceFactors factors, long seed) {
    this.factors = factors;
    this.seed = seed;
  }

  /** One person's photos, drawn one after the other. */
  public Photos of(long person) {
    return new Photos(new SplittableRandom(mixed(seed ^ mixed(person))));
  }

  /** Not thread-safe. */
  public final class Photos {
    private final SplittableRandom random;
    private final float[] middle = factors.mean().clone();

    private Photos(SplittableRandom random) {
      this.random = random;
      add(factors.between(), 1, middle);
    }

    /** The next photo's unit vector, to the place in the array. */
    public void next(float[] into, int at) {
      float[] vector = middle.clone();
      double spread = Math.exp(0.4 * random.nextGaussian() - 0.16);
      add(factors.within(), spread, vector);
      double square = 0;
      for (float value : vector) {
        square += (double) value * value;
      }
      float scale = (float) (1 / Math.sqrt(square));
      for (int i = 0; i < DIMENSION; i++) {
        into[at + i] = vector[i] * scale;
      }
    }

    /**
     * Four factors at a time, each over all dimensions: a loop that the JIT makes SIMD of, and that
     * reads and writes the sums once for four products.
     */
    private void add(float[] rows, double scale, float[] sums) {
      for (int row = 0; row < rows.length; row += 4 * DIMENSION) {
        float a = (float) (scale * random.nextGaussian());
        float b = (float) (scale * random.nextGaussian());
        float c = (float) (scale * random.nextGaussian());
        float d = (float) (scale * random.nextGaussian());
        for (int i = 0; i < DIMENSION; i++) {
          sums[i] +=
              a * rows[row + i]
                  + b * rows[row + DIMENSION + i]
                  + c * rows[row + 2 * DIMENSION + i]
                  + d * rows[row + 3 * DIMENSION + i];
        }
      }
    }
  }

  /** Neighbouring numbers become seeds that have nothing in common (the mixer of MurmurHash3). */
  private static long mixed(long number) {
    long z = number + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }
}
