package dev.facet.models.graph;

import dev.facet.models.graph.onnx.AttributeProto;
import dev.facet.models.graph.onnx.GraphProto;
import dev.facet.models.graph.onnx.ModelProto;
import dev.facet.models.graph.onnx.NodeProto;
import dev.facet.models.graph.onnx.OperatorSetIdProto;
import dev.facet.models.graph.onnx.TensorProto;
import dev.facet.models.graph.onnx.TensorShapeProto.Dimension;
import dev.facet.models.graph.onnx.ValueInfoProto;
import java.util.List;
import java.util.Random;

/**
 * A model of one convolution: 4×4 pixels to 16 numbers.
 *
 * <p>{@code picture} [N,3,4,4] → Conv 2×2, stride 2, four filters → {@code features} [N,4,2,2].
 */
final class TinyGraph {

  static final int SIDE = 4;
  static final int DIMENSION = 16;

  final GraphProto.Builder graph = GraphProto.newBuilder().setName("tiny");
  private final ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8);

  TinyGraph(long opset, Dimension batch) {
    model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset));
    graph.addInput(floats("picture", batch, dimension(3), dimension(SIDE), dimension(SIDE)));
    TensorProto.Builder weights =
        TensorProto.newBuilder().setName("weights").setDataType(Tensors.FLOAT);
    weights.addAllDims(List.of(4L, 3L, 2L, 2L));
    new Random(3).doubles(48, -1, 1).forEach(w -> weights.addFloatData((float) w));
    graph.addInitializer(weights);
    node("Conv", "features", List.of("picture", "weights"), Tensors.integers("strides", 2, 2));
  }

  static TinyGraph ofBatch(Dimension batch) {
    return new TinyGraph(17, batch);
  }

  static Dimension open() {
    return Dimension.newBuilder().setDimParam("batch").build();
  }

  static Dimension dimension(long size) {
    return Values.dimension(size);
  }

  static ValueInfoProto floats(String name, Dimension... dimensions) {
    return Values.tensor(name, Tensors.FLOAT, List.of(dimensions));
  }

  TinyGraph node(
      String operator, String output, List<String> inputs, AttributeProto... attributes) {
    return node(OnnxGraph.node(operator, inputs, output, attributes));
  }

  TinyGraph node(NodeProto node) {
    graph.addNode(node);
    return this;
  }

  TinyGraph constant(TensorProto tensor) {
    graph.addInitializer(tensor);
    return this;
  }

  TinyGraph output(String name, Dimension... dimensions) {
    graph.addOutput(floats(name, dimensions));
    return this;
  }

  /** Flattens the features into an output [batch, 16]. */
  TinyGraph flatOutput(String name, Dimension batch) {
    return node("Flatten", name, List.of("features")).output(name, batch, dimension(DIMENSION));
  }

  ModelProto.Builder model() {
    return model.setGraph(graph);
  }

  byte[] bytes() {
    return model().build().toByteArray();
  }

  /** Pictures of noise, [count, 4, 4, 3]. */
  static byte[] pixels(int count) {
    byte[] pixels = new byte[count * SIDE * SIDE * 3];
    new Random(4).nextBytes(pixels);
    return pixels;
  }

  /** The same pictures as the model itself would take them, [count, 3, 4, 4]. */
  static float[] numbers(byte[] pixels, ColourOrder order, PixelScale scale) {
    float[] numbers = new float[pixels.length];
    int plane = SIDE * SIDE;
    for (int at = 0; at < pixels.length / 3; at++) {
      for (int c = 0; c < 3; c++) {
        int channel = order == ColourOrder.RGB ? c : 2 - c;
        double pixel = Byte.toUnsignedInt(pixels[at * 3 + c]);
        numbers[(at / plane * 3 + channel) * plane + at % plane] =
            (float) ((pixel - scale.mean().get(c)) / scale.deviation().get(c));
      }
    }
    return numbers;
  }
}
