package dev.facet.models.graph;

import dev.facet.models.graph.onnx.NodeProto;
import dev.facet.models.graph.onnx.TensorShapeProto.Dimension;
import dev.facet.models.graph.onnx.ValueInfoProto;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What an embedding model says of itself: the sizes that a catalogue entry needs.
 *
 * @param height of its input in pixels, where the model fixes it
 * @param width of its input in pixels, where the model fixes it
 * @param dimension of its output, where the model declares it
 * @param normalises whether its first layers subtract or scale by constants, so that it wants
 *     pixels as they are
 */
public record GraphOutline(
    OptionalInt height, OptionalInt width, OptionalInt dimension, boolean normalises) {

  private static final Set<String> ARITHMETIC =
      Set.of("Sub", "Add", "Mul", "Div", "BatchNormalization");

  private static final Set<String> MOVES =
      Set.of("Identity", "Cast", "Transpose", "Gather", "Slice", "Concat");

  /**
   * Reads the outline of an ONNX file with one input of pictures and one output.
   *
   * @throws GraphException if the file is something else
   */
  public static GraphOutline of(byte[] onnx) {
    OnnxGraph graph = OnnxGraph.parse(onnx);
    List<Dimension> nchw = Values.nchw(graph.input());
    if (graph.outputs().size() != 1) {
      throw new GraphException(
          "an embedder has one output, this graph %d".formatted(graph.outputs().size()));
    }
    return new GraphOutline(
        size(nchw.get(2)), size(nchw.get(3)), dimension(graph), normalises(graph));
  }

  private static OptionalInt dimension(OnnxGraph graph) {
    ValueInfoProto output = graph.outputs().getFirst();
    List<Dimension> dimensions = Values.dimensions(output);
    List<Dimension> perItem = dimensions.subList(Math.min(1, dimensions.size()), dimensions.size());
    if (perItem.isEmpty() || !perItem.stream().allMatch(Dimension::hasDimValue)) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(
          perItem.stream()
              .mapToInt(dimension -> Math.toIntExact(dimension.getDimValue()))
              .reduce(1, Math::multiplyExact));
    } catch (ArithmeticException e) {
      throw new GraphException("output '%s' is too large".formatted(output.getName()), e);
    }
  }

  /** Looks from the input along the nodes that only move pixels to the first that computes. */
  private static boolean normalises(OnnxGraph graph) {
    Set<String> pixels = new HashSet<>(Set.of(graph.input().getName()));
    for (NodeProto node : graph.nodes()) {
      if (node.getInputList().stream().noneMatch(pixels::contains)) {
        continue;
      }
      if (!MOVES.contains(node.getOpType())) {
        return ARITHMETIC.contains(node.getOpType());
      }
      pixels.addAll(node.getOutputList());
    }
    return false;
  }

  private static OptionalInt size(Dimension dimension) {
    return dimension.hasDimValue() && dimension.getDimValue() <= Integer.MAX_VALUE
        ? OptionalInt.of((int) dimension.getDimValue())
        : OptionalInt.empty();
  }
}
