package dev.facet.models.checkpoint;

import java.util.List;
import java.util.Optional;

/**
 * A tensor as PyTorch describes it: a strided view of a storage, all of it inside.
 *
 * @param offset of the first number, in numbers
 * @param shape the lengths of the dimensions
 * @param strides for each dimension, how many numbers lie between neighbours
 */
record TorchTensor(
    Storage storage,
    long offset,
    List<Long> shape,
    List<Long> strides,
    Optional<Quantizer> quantizer) {

  private static final int MOST_DIMENSIONS = 16;

  TorchTensor {
    if (shape.size() != strides.size()
        || shape.size() > MOST_DIMENSIONS
        || offset < 0
        || !shape.stream().allMatch(TorchTensor::isSize)
        || !strides.stream().allMatch(TorchTensor::isSize)) {
      throw new CheckpointException(
          "a tensor of shape %s, strides %s and offset %d".formatted(shape, strides, offset));
    }
    if (beyond(offset, shape, strides) > storage.elements()) {
      throw new CheckpointException(
          "a tensor of shape %s, strides %s and offset %d in a storage of %,d numbers"
              .formatted(shape, strides, offset, storage.elements()));
    }
    if (quantizer.orElse(null) instanceof Quantizer.PerChannel channels) {
      requireChannels(shape, channels);
    }
  }

  private static boolean isSize(long value) {
    return value >= 0 && value <= Integer.MAX_VALUE;
  }

  /** The index behind the last number; at most 2^31 × 2^31 for each of a few dimensions. */
  private static double beyond(long offset, List<Long> shape, List<Long> strides) {
    // In double: exact as far as a storage can reach, and never overflowing.
    double last = offset;
    for (int i = 0; i < shape.size(); i++) {
      if (shape.get(i) == 0) {
        return 0;
      }
      last += (shape.get(i) - 1.0) * strides.get(i);
    }
    return last + 1;
  }

  private static void requireChannels(List<Long> shape, Quantizer.PerChannel channels) {
    int axis = channels.axis();
    if (axis < 0
        || axis >= shape.size()
        || channels.scales().quantizer().isPresent()
        || channels.zeroPoints().quantizer().isPresent()
        || !channels.scales().shape().equals(List.of(shape.get(axis)))
        || !channels.zeroPoints().shape().equals(List.of(shape.get(axis)))) {
      throw new CheckpointException(
          "a tensor of shape %s with scales %s and zero points %s for its dimension %d"
              .formatted(shape, channels.scales().shape(), channels.zeroPoints().shape(), axis));
    }
  }

  /** How many numbers the view has; at most 2^63 − 1, whatever the storage has. */
  long elements() {
    double elements = shape.stream().mapToDouble(Long::doubleValue).reduce(1, (a, b) -> a * b);
    return (long) elements;
  }

  /** Whether the numbers lie in order and without gaps. */
  boolean isContiguous() {
    long expected = 1;
    for (int i = shape.size() - 1; i >= 0; i--) {
      // The stride of a dimension of one says nothing.
      if (shape.get(i) != 1 && strides.get(i) != expected) {
        return false;
      }
      expected *= shape.get(i);
    }
    return true;
  }
}
