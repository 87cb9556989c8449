package dev.facet.inference.onnx;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/** Floats with a shape, such as a model's output. */
public record FloatTensor(List<Long> shape, FloatBuffer values) implements Tensor {

  public FloatTensor {
    shape = List.copyOf(shape);
    Tensor.check(shape, values);
  }

  /** Item {@code index} of the first dimension, copied. */
  public float[] item(int index) {
    int size = Math.toIntExact(values.remaining() / shape.getFirst());
    float[] item = new float[size];
    values.get(values.position() + index * size, item);
    return item;
  }

  @Override
  public ByteOrder order() {
    return values.order();
  }

  @Override
  public ElementType type() {
    return ElementType.FLOAT32;
  }
}
