package dev.facet.inference.onnx;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * An output of a model.
 *
 * @param shape length of each dimension, outermost first
 * @param values as many as the product of the shape, last dimension fastest; from position 0
 */
public record FloatTensor(List<Long> shape, FloatBuffer values) {

  /** Item {@code index} of the first dimension, copied. */
  public float[] item(int index) {
    int size = Math.toIntExact(values.limit() / shape.getFirst());
    float[] item = new float[size];
    values.get(index * size, item);
    return item;
  }
}
