package dev.facet.models.network;

import dev.facet.models.checkpoint.CheckpointException;
import dev.facet.models.graph.Attribute;
import dev.facet.models.graph.GraphWriter;
import java.util.List;

/**
 * The layers from which networks are built, each a few ONNX nodes.
 *
 * <p>Every layer takes the name under which people will see it, and the value that it reads, and
 * returns the value that it makes; constants are called after their layer. Pictures are [N,
 * channels, height, width].
 */
final class GraphBuilder {

  private final GraphWriter graph;

  GraphBuilder(String name) {
    this.graph = new GraphWriter(name);
  }

  String input(String name, String... dimensions) {
    return graph.input(name, dimensions);
  }

  void output(String name, String... dimensions) {
    graph.output(name, dimensions);
  }

  byte[] toByteArray() {
    return graph.toByteArray();
  }

  String conv(String name, String x, Filters filters, Window window) {
    return conv(name, x, filters, window, 1);
  }

  /** A convolution whose filters have a channel each. */
  String depthwise(String name, String x, Filters filters, Window window) {
    return conv(name, x, filters, window, filters.outputs());
  }

  private String conv(String name, String x, Filters filters, Window window, int groups) {
    int height = filters.height();
    int width = filters.width();
    String weights =
        floats(
            name + ".weight",
            filters.weights(),
            filters.outputs(),
            filters.inputs(),
            height,
            width);
    String biases = floats(name + ".bias", filters.biases(), filters.outputs());
    return graph.node(
        "Conv",
        name,
        List.of(x, weights, biases),
        Attribute.integers("kernel_shape", height, width),
        window.strides(),
        window.pads(height, width),
        Attribute.integer("group", groups));
  }

  /** A dense layer on vectors [N, inputs]. */
  String dense(String name, String x, Filters filters) {
    String weights =
        floats(name + ".weight", filters.weights(), filters.outputs(), filters.inputs());
    String biases = floats(name + ".bias", filters.biases(), filters.outputs());
    return graph.node("Gemm", name, List.of(x, weights, biases), Attribute.integer("transB", 1));
  }

  /** The product of matrices, for each matrix of the leading dimensions. */
  String matmul(String name, String a, String b) {
    return graph.node("MatMul", name, List.of(a, b));
  }

  /** Multiplied by a constant of a shape that stretches to that of x. */
  String scale(String name, String x, float[] factors, int... shape) {
    return graph.node("Mul", name, List.of(x, floats(name + ".factor", factors, shape)));
  }

  /** With a constant added, of a shape that stretches to that of x. */
  String shift(String name, String x, float[] summands, int... shape) {
    return graph.node("Add", name, List.of(x, floats(name + ".summand", summands, shape)));
  }

  String relu(String name, String x) {
    return graph.node("Relu", name, List.of(x));
  }

  String sigmoid(String name, String x) {
    return graph.node("Sigmoid", name, List.of(x));
  }

  String add(String name, String a, String b) {
    return graph.node("Add", name, List.of(a, b));
  }

  /**
   * PReLU on a picture, {@code x < 0 ? slope * x : x} with a slope for each channel, written {@code
   * slope * x + relu((1 - slope) * x)}: the same where no slope is above one, and ONNX Runtime's
   * own PRelu is slower by far. A relu behind a factor costs nothing by itself; where a slope is
   * above one, it has to stand before.
   */
  String prelu(String name, String x, float[] slopes) {
    for (float slope : slopes) {
      if (slope > 1) {
        return prelu(name, x, slopes, slopes.length, 1, 1);
      }
    }
    int[] shape = {slopes.length, 1, 1};
    String line = scale(name + "/line", x, slopes, shape);
    String bend = relu(name + "/relu", scale(name + "/bend", x, rests(slopes), shape));
    return add(name, line, bend);
  }

  /** The same on vectors [N, channels]. */
  String preluOnVectors(String name, String x, float[] slopes) {
    return prelu(name, x, slopes, slopes.length);
  }

  private String prelu(String name, String x, float[] slopes, int... shape) {
    String line = scale(name + "/line", x, slopes, shape);
    String bend = scale(name + "/bend", relu(name + "/relu", x), rests(slopes), shape);
    return add(name, line, bend);
  }

  private static float[] rests(float[] slopes) {
    float[] rests = new float[slopes.length];
    for (int i = 0; i < rests.length; i++) {
      rests[i] = 1 - slopes[i];
    }
    return rests;
  }

  /**
   * The largest of each square window.
   *
   * @param roundUp whether a window that hangs over the lower or right edge counts
   */
  String maxPool(String name, String x, int side, Window window, boolean roundUp) {
    return graph.node(
        "MaxPool",
        name,
        List.of(x),
        Attribute.integers("kernel_shape", side, side),
        window.strides(),
        window.pads(side, side),
        Attribute.integer("ceil_mode", roundUp ? 1 : 0));
  }

  /** The mean of each channel, [N, channels, 1, 1]. */
  String globalAveragePool(String name, String x) {
    return graph.node("GlobalAveragePool", name, List.of(x));
  }

  /** One row of zeros more below, and one column at the right. */
  String padBelowRight(String name, String x) {
    return graph.node("Pad", name, List.of(x, graph.longs(name + ".pads", 0, 0, 0, 0, 0, 0, 1, 1)));
  }

  /** The channels of all, one after another. */
  String concat(String name, List<String> parts) {
    return graph.node("Concat", name, parts, Attribute.integer("axis", 1));
  }

  /** Exchanges dimensions: the i-th of the result is the order's i-th of the input. */
  String transpose(String name, String x, long... order) {
    return graph.node("Transpose", name, List.of(x), Attribute.integers("perm", order));
  }

  /** Another shape for the same numbers; 0 keeps a dimension, -1 takes what is left. */
  String reshape(String name, String x, long... shape) {
    return graph.node("Reshape", name, List.of(x, graph.longs(name + ".shape", shape)));
  }

  String unsqueeze(String name, String x, long axis) {
    return graph.node("Unsqueeze", name, List.of(x, graph.longs(name + ".axes", axis)));
  }

  String squeeze(String name, String x, long axis) {
    return graph.node("Squeeze", name, List.of(x, graph.longs(name + ".axes", axis)));
  }

  /** All that follows the batch in one dimension. */
  String flatten(String name, String x) {
    return graph.node("Flatten", name, List.of(x));
  }

  /** Cuts a dimension into values of these names and sizes. */
  void split(String name, String x, int axis, List<String> names, long... sizes) {
    graph.node(
        "Split",
        names,
        List.of(x, graph.longs(name + ".sizes", sizes)),
        Attribute.integer("axis", axis));
  }

  /** A node that makes one value; for the layers that other classes describe. */
  String node(String operator, String name, List<String> inputs, Attribute... attributes) {
    return graph.node(operator, name, inputs, attributes);
  }

  /**
   * A constant.
   *
   * @throws CheckpointException if not all of its numbers are finite
   */
  String floats(String name, float[] values, int... shape) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new CheckpointException(
            "the weights make '%s' of numbers that are not finite".formatted(name));
      }
    }
    return graph.floats(name, values, shape);
  }
}
