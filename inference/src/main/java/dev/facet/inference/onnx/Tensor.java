package dev.facet.inference.onnx;

import java.nio.Buffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Values with a shape: what goes into a model and what comes out. The values are those between
 * position and limit of a buffer, last dimension fastest. The memory of a direct buffer in native
 * byte order is handed to the model as it is; inputs must have one.
 */
public sealed interface Tensor permits ByteTensor, FloatTensor {

  /** Length of each dimension, outermost first. */
  List<Long> shape();

  /** Between position and limit as many values as the product of the shape. */
  Buffer values();

  /** The order of the values' bytes. */
  ByteOrder order();

  /** What the values are. */
  ElementType type();

  /** Refuses a buffer that does not hold what the shape says. */
  static void check(List<Long> shape, Buffer values) {
    long expected = shape.stream().reduce(1L, Math::multiplyExact);
    if (expected != values.remaining() || shape.stream().anyMatch(length -> length < 0)) {
      throw new IllegalArgumentException(
          "a tensor of shape %s has %d values, not %d"
              .formatted(shape, expected, values.remaining()));
    }
  }
}
