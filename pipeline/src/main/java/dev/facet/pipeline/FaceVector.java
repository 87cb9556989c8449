package dev.facet.pipeline;

import dev.facet.models.ModelId;
import java.util.Arrays;

/**
 * A face as a point on the unit sphere of one model. Vectors of different models, or of one model
 * fed with other crops, mean nothing to each other and are never compared.
 */
public final class FaceVector {
  /** Of a unit vector computed in fp32 the squares add up to 1 within rounding; fp16 is coarser. */
  private static final double UNIT_TOLERANCE = 1e-3;

  private final ModelId model;
  private final float[] values;

  /**
   * A vector as it was stored.
   *
   * @param model that gave it
   * @throws IllegalArgumentException if it is not of unit length
   */
  public FaceVector(ModelId model, float[] values) {
    this.model = model;
    this.values = values.clone();
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    if (!(Math.abs(squares - 1) <= UNIT_TOLERANCE)) {
      throw new IllegalArgumentException(
          "a face's vector has length 1, not %.4f".formatted(Math.sqrt(squares)));
    }
  }

  /** The model that gave it. */
  public ModelId model() {
    return model;
  }

  /** A copy of its numbers. */
  public float[] values() {
    return values.clone();
  }

  /**
   * Squared L2 distance, 0 (equal) to 4; 2 is unrelated. The cosine is 1 - distance / 2.
   *
   * @throws IllegalArgumentException if the other is of another model
   */
  public double squaredDistance(FaceVector other) {
    if (!model.equals(other.model) || values.length != other.values.length) {
      throw new IllegalArgumentException(
          "vectors of different models are not compared: %s@%s of %d values and %s@%s of %d"
              .formatted(
                  model.name(),
                  model.version(),
                  values.length,
                  other.model.name(),
                  other.model.version(),
                  other.values.length));
    }
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      double difference = (double) values[i] - other.values[i];
      sum += difference * difference;
    }
    return sum;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FaceVector that
        && model.equals(that.model)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * model.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "%d values of %s@%s".formatted(values.length, model.name(), model.version());
  }
}
