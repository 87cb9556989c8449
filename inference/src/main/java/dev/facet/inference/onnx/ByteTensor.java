package dev.facet.inference.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Unsigned bytes with a shape, such as pixels. */
public record ByteTensor(List<Long> shape, ByteBuffer values) implements Tensor {

  public ByteTensor {
    shape = List.copyOf(shape);
    Tensor.check(shape, values);
  }

  @Override
  public ByteOrder order() {
    return ByteOrder.nativeOrder(); // single bytes have none
  }

  @Override
  public ElementType type() {
    return ElementType.UINT8;
  }
}
