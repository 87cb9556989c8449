package dev.facet.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** How face vectors vary: between people, and between the photos of one. Immutable. */
public final class FaceFactors {

  public static final int DIMENSION = 512;
  static final int FACTORS = 256;

  private static final int FILE_BYTES = (DIMENSION + 2 * DIMENSION * FACTORS) * Float.BYTES;

  /** How fast the built-in factors fade, and how much of them is a person's own. */
  private static final double FADE = 0.0075;

  private static final double OWN = 0.627;

  private final String source;
  private final float[] mean;
  private final float[] between;
  private final float[] within;

  private FaceFactors(String source, float[] mean, float[] between, float[] within) {
    this.source = source;
    this.mean = mean;
    this.between = between;
    this.within = within;
  }

  /** Those of real faces in the {@link SharedFolder}; where they are not there, built-in ones. */
  public static FaceFactors standard() {
    Path file = SharedFolder.path().resolve("golden").resolve("face_vectors.bin");
    return Files.isRegularFile(file) ? read(file) : builtIn();
  }

  /**
   * Reads factors taken from real embeddings: little-endian float32; the mean, then between and
   * within as matrices of {@link #DIMENSION} rows and {@link #FACTORS} columns.
   */
  static FaceFactors read(Path file) {
    byte[] bytes;
    try {
      long size = Files.size(file);
      if (size != FILE_BYTES) {
        throw new BenchFailure(
            BenchFailure.REFUSED,
            "%s: %d bytes, but factors of face vectors are %d".formatted(file, size, FILE_BYTES));
      }
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw BenchFailure.file(file, e);
    }
    FloatBuffer values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] mean = new float[DIMENSION];
    values.get(mean);
    return new FaceFactors(file.getFileName().toString(), mean, turned(values), turned(values));
  }

  /**
   * Random directions whose weight fades, for machines without the real ones. Their spread is like
   * that of real faces in two figures, which a test holds: the cosine of two photos of a person is
   * 0.67 ± 0.13, of two people 0.00 ± 0.08.
   */
  static FaceFactors builtIn() {
    SplittableRandom random = new SplittableRandom(42);
    float[] between = new float[FACTORS * DIMENSION];
    float[] within = new float[FACTORS * DIMENSION];
    for (int factor = 0; factor < FACTORS; factor++) {
      double weight = Math.exp(-FADE * factor);
      for (int i = factor * DIMENSION; i < (factor + 1) * DIMENSION; i++) {
        between[i] = (float) (weight * Math.sqrt(OWN) * random.nextGaussian());
        within[i] = (float) (weight * Math.sqrt(1 - OWN) * random.nextGaussian());
      }
    }
    return new FaceFactors("built-in factors", new float[DIMENSION], between, within);
  }

  /** Said in every result: from where the factors are. */
  String source() {
    return source;
  }

  /** {@link #DIMENSION} values, not to be written to. */
  float[] mean() {
    return mean;
  }

  /**
   * {@link #FACTORS} rows of {@link #DIMENSION} values, row by row: what a person's factor adds to
   * the vector. Not to be written to.
   */
  float[] between() {
    return between;
  }

  /** The same for a photo's factors. */
  float[] within() {
    return within;
  }

  private static float[] turned(FloatBuffer values) {
    float[] rows = new float[FACTORS * DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      for (int factor = 0; factor < FACTORS; factor++) {
        rows[factor * DIMENSION + i] = values.get();
      }
    }
    return rows;
  }
}
