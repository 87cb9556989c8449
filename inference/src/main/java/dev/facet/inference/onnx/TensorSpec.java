package dev.facet.inference.onnx;

import java.nio.ByteOrder;
import java.util.List;

/**
 * An input or output as the model declares it.
 *
 * @param shape length of each dimension, outermost first; -1 where the model takes any
 */
public record TensorSpec(String name, ElementType type, List<Long> shape) {

  public TensorSpec {
    shape = List.copyOf(shape);
  }

  /** Refuses, by name, a tensor that the model does not take as this input. */
  void check(Tensor tensor) {
    if (tensor.type() != type || !fits(tensor.shape())) {
      throw new IllegalArgumentException(
          "input %s is %s %s, not %s %s"
              .formatted(name, type, shape, tensor.type(), tensor.shape()));
    }
    if (!tensor.values().isDirect() || !tensor.order().equals(ByteOrder.nativeOrder())) {
      throw new IllegalArgumentException(
          "input %s needs a direct buffer in native byte order".formatted(name));
    }
  }

  private boolean fits(List<Long> actual) {
    if (actual.size() != shape.size()) {
      return false;
    }
    for (int i = 0; i < shape.size(); i++) {
      if (shape.get(i) != -1 && !shape.get(i).equals(actual.get(i))) {
        return false;
      }
    }
    return true;
  }
}
