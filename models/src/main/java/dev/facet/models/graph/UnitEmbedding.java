package dev.facet.models.graph;

import dev.facet.models.graph.onnx.TensorShapeProto.Dimension;
import dev.facet.models.graph.onnx.ValueInfoProto;
import java.util.List;

/**
 * Ends a model with one output of unit length.
 *
 * <p>{@code v / max(|v|, 1e-12)} in operators that every execution provider has; ONNX's own {@code
 * LpNormalization} runs on the CPU only.
 */
final class UnitEmbedding {

  private static final double SMALLEST_LENGTH = 1e-12;

  /** Since this operator set, {@code ReduceL2} takes its axes as an input. */
  private static final long OPSET_WITH_AXES_AS_INPUT = 18;

  private UnitEmbedding() {}

  static void apply(OnnxGraph graph, int dimension) {
    graph.vacate(GraphRewriter.EMBEDDING);
    if (graph.outputs().size() != 1) {
      throw new GraphException(
          "an embedder has one output, this graph %d".formatted(graph.outputs().size()));
    }
    ValueInfoProto output = graph.outputs().getFirst();
    checkDeclared(output, dimension);

    String vector = output.getName();
    if (Values.dimensions(output).size() > 2) {
      vector = add(graph, "facet/flatten", "Flatten", List.of(vector));
    }
    String length = length(graph, vector);
    String epsilon = graph.addConstant(Tensors.floats("facet/epsilon", List.of(SMALLEST_LENGTH)));
    String divisor = add(graph, "facet/divisor", "Max", List.of(length, epsilon));
    add(graph, GraphRewriter.EMBEDDING, "Div", List.of(vector, divisor));
    graph.replaceOutput(
        0,
        Values.tensor(
            GraphRewriter.EMBEDDING,
            Tensors.FLOAT,
            List.of(Values.BATCH, Values.dimension(dimension))));
  }

  private static String length(OnnxGraph graph, String vector) {
    String name = graph.freshName("facet/length");
    if (graph.opset() < OPSET_WITH_AXES_AS_INPUT) {
      graph.append(OnnxGraph.node("ReduceL2", List.of(vector), name, Tensors.integers("axes", 1)));
    } else {
      String axes = graph.addConstant(Tensors.longs("facet/axes", List.of(1L)));
      graph.append(OnnxGraph.node("ReduceL2", List.of(vector, axes), name));
    }
    return name;
  }

  private static String add(OnnxGraph graph, String name, String operator, List<String> inputs) {
    String output = graph.freshName(name);
    graph.append(OnnxGraph.node(operator, inputs, output));
    return output;
  }

  private static void checkDeclared(ValueInfoProto output, int dimension) {
    List<Dimension> declared = Values.dimensions(output);
    if (Values.elementType(output) != Tensors.FLOAT || declared.size() == 1) {
      throw new GraphException(
          "output '%s' must be float32 [batch, %d]".formatted(output.getName(), dimension));
    }
    List<Dimension> perItem = declared.subList(Math.min(1, declared.size()), declared.size());
    if (!perItem.isEmpty() && perItem.stream().allMatch(Dimension::hasDimValue)) {
      long size = perItem.stream().mapToLong(Dimension::getDimValue).reduce(1, Math::multiplyExact);
      if (size != dimension) {
        throw new GraphException(
            "output '%s' has dimension %d, not %d".formatted(output.getName(), size, dimension));
      }
    }
  }
}
