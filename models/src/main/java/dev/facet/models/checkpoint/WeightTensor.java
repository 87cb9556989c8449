package dev.facet.models.checkpoint;

import java.util.List;

/**
 * Numbers of a trained network, row by row, as floats whatever they were stored as.
 *
 * <p>The array is handed over, not copied: neither side changes it afterwards.
 */
public final class WeightTensor {

  private final List<Integer> shape;
  private final float[] values;

  /**
   * @param shape the lengths of the dimensions; empty for a single number
   * @param values as many as the product of the shape
   */
  public WeightTensor(List<Integer> shape, float[] values) {
    this.shape = List.copyOf(shape);
    this.values = values;
    long size = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    if (size != values.length) {
      throw new IllegalArgumentException(
          "%d values do not fill the shape %s".formatted(values.length, shape));
    }
  }

  public List<Integer> shape() {
    return shape;
  }

  /** Not to be changed. */
  public float[] values() {
    return values;
  }
}
