package dev.facet.models.graph;

import dev.facet.models.graph.onnx.TensorShapeProto;
import dev.facet.models.graph.onnx.TensorShapeProto.Dimension;
import dev.facet.models.graph.onnx.TypeProto;
import dev.facet.models.graph.onnx.ValueInfoProto;
import java.util.List;

/** ONNX's way to declare inputs and outputs: name, element type, dimensions. */
final class Values {

  /** The batch dimension of everything served. */
  static final Dimension BATCH = Dimension.newBuilder().setDimParam("N").build();

  private Values() {}

  static ValueInfoProto tensor(String name, int elementType, List<Dimension> dimensions) {
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(elementType)
                        .setShape(TensorShapeProto.newBuilder().addAllDim(dimensions))))
        .build();
  }

  /** A value whose dimensions are left to the runtime. */
  static ValueInfoProto number(String name, int elementType) {
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(elementType)))
        .build();
  }

  static Dimension dimension(long size) {
    return Dimension.newBuilder().setDimValue(size).build();
  }

  static List<Dimension> dimensions(ValueInfoProto value) {
    return value.getType().getTensorType().getShape().getDimList();
  }

  static int elementType(ValueInfoProto value) {
    return value.getType().getTensorType().getElemType();
  }

  /** Whether a dimension has this size, or leaves its size open. */
  static boolean admits(Dimension dimension, long size) {
    return !dimension.hasDimValue() || dimension.getDimValue() == size;
  }

  /**
   * The dimensions of a picture input.
   *
   * @throws GraphException if it is not float32 [batch, 3, height, width]
   */
  static List<Dimension> nchw(ValueInfoProto input) {
    if (elementType(input) != Tensors.FLOAT) {
      throw new GraphException(
          "input '%s' must be float32, not ONNX type %d"
              .formatted(input.getName(), elementType(input)));
    }
    List<Dimension> dimensions = dimensions(input);
    if (dimensions.size() != 4 || !admits(dimensions.get(1), 3)) {
      throw new GraphException(
          "input '%s' must be [batch, 3, height, width]".formatted(input.getName()));
    }
    return dimensions;
  }
}
