package dev.facet.models.graph;

import dev.facet.models.graph.onnx.NodeProto;
import dev.facet.models.graph.onnx.TensorProto;
import dev.facet.models.graph.onnx.ValueInfoProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which nodes of a graph compute in eight bits, and which values are kept so.
 *
 * <p>Layers that multiply weights do, unless they are to be left out, and operators that read
 * nothing but what eight-bit nodes gave. The last layers give float32, as nothing is won by
 * rounding an embedding; a convolution cannot, and so stays float32 as a whole. A ReLU or Clip that
 * alone reads what an eight-bit node gives is one with it: the value that is kept is its output.
 */
final class QuantizationPlan {

  /** Where nothing ends. */
  private static final float FARTHEST = Float.MAX_VALUE / 4;

  private final OnnxGraph graph;
  private final Set<String> kept;
  private final Map<String, TensorProto> constants = new HashMap<>();
  private final Map<String, Integer> readers = new HashMap<>();
  private final Set<String> outputs;
  private final Set<String> beforeLayers = new HashSet<>();
  private final Set<NodeProto> nodes = new LinkedHashSet<>();
  private final Map<String, NodeProto> ends = new HashMap<>();
  private final Set<String> given = new LinkedHashSet<>();
  private final Set<String> taken = new LinkedHashSet<>();

  /**
   * @param kept layers that stay float32, by the name of their output
   */
  QuantizationPlan(OnnxGraph graph, Set<String> kept) {
    this.graph = graph;
    this.kept = kept;
    this.outputs =
        graph.outputs().stream().map(ValueInfoProto::getName).collect(Collectors.toSet());
    graph.initializers().forEach(tensor -> constants.put(tensor.getName(), tensor));
    graph.nodes().stream()
        .filter(node -> node.getOpType().equals("Constant") && node.getOutputCount() == 1)
        .forEach(
            node ->
                graph
                    .constant(node.getOutput(0))
                    .ifPresent(tensor -> constants.put(node.getOutput(0), tensor)));
    graph
        .nodes()
        .forEach(
            node ->
                ValueNames.readBy(node).forEach(value -> readers.merge(value, 1, Integer::sum)));
    findLastLayers();
    graph.nodes().forEach(this::plan);
  }

  /** Values from which a layer is still to come. */
  private void findLastLayers() {
    for (NodeProto node : graph.nodes().reversed()) {
      if (isLayer(node) || node.getOutputList().stream().anyMatch(beforeLayers::contains)) {
        beforeLayers.addAll(node.getInputList());
      }
    }
  }

  private void plan(NodeProto node) {
    if (node.getOutputCount() == 0 || ends.containsValue(node)) {
      return;
    }
    if (isLayer(node)) {
      boolean last = !beforeLayers.contains(node.getOutput(0));
      if (kept.contains(node.getOutput(0)) || (last && node.getOpType().equals("Conv"))) {
        return;
      }
      take(node.getInput(0));
      nodes.add(node);
      if (!last) {
        give(node);
      }
    } else if (QuantizedOperators.followsItsInputs(node.getOpType()) && readsEightBits(node)) {
      nodes.add(node);
      give(node);
    }
  }

  private boolean readsEightBits(NodeProto node) {
    List<String> numbers =
        node.getInputList().stream().filter(value -> !isShape(node, value)).toList();
    return node.getOutputCount() == 1 && given.containsAll(numbers);
  }

  /** Whether a value only says how a node moves others. */
  private boolean isShape(NodeProto node, String value) {
    TensorProto constant = constants.get(value);
    return constant != null
        && constant.getDataType() == Tensors.INT64
        && !node.getInput(0).equals(value);
  }

  private void take(String value) {
    if (!given.contains(value)) {
      taken.add(value);
    }
  }

  private void give(NodeProto node) {
    String value = node.getOutput(0);
    if (!outputs.contains(value) && Integer.valueOf(1).equals(readers.get(value))) {
      List<NodeProto> after = graph.readers(value);
      if (after.size() == 1 && endsAtZero(after.getFirst(), value)) {
        ends.put(value, after.getFirst());
        value = after.getFirst().getOutput(0);
      }
    }
    given.add(value);
  }

  private boolean endsAtZero(NodeProto node, String value) {
    return QuantizedOperators.endsRange(node.getOpType())
        && node.getInput(0).equals(value)
        && bounds(node).filter(range -> range.least() == 0).isPresent();
  }

  /** What a ReLU or Clip lets through, if that is constant and holds 0. */
  Optional<ActivationRange> bounds(NodeProto node) {
    boolean relu = node.getOpType().equals("Relu");
    float least = relu ? 0 : bound(node, 1, -FARTHEST);
    float greatest = relu ? FARTHEST : bound(node, 2, FARTHEST);
    return least <= 0 && greatest >= 0
        ? Optional.of(new ActivationRange(least, greatest))
        : Optional.empty();
  }

  /** NaN where it is not a constant. */
  private float bound(NodeProto clip, int input, float open) {
    if (clip.getInputCount() <= input || clip.getInput(input).isEmpty()) {
      return open;
    }
    TensorProto constant = constants.get(clip.getInput(input));
    if (constant == null || constant.getDataType() != Tensors.FLOAT) {
      return Float.NaN;
    }
    float[] values = Tensors.floats(constant);
    return values.length == 1 ? Math.clamp(values[0], -FARTHEST, FARTHEST) : Float.NaN;
  }

  /** Whether a node multiplies weights that are constant, in a form that is known. */
  boolean isLayer(NodeProto node) {
    if (!node.getDomain().isEmpty()
        || !QuantizedOperators.multipliesWeights(node.getOpType())
        || node.getInputCount() < 2
        || node.getOutputCount() != 1
        || constants.containsKey(node.getInput(0))) {
      return false;
    }
    TensorProto weights = constants.get(node.getInput(1));
    boolean known =
        weights != null
            && weights.getDataType() == Tensors.FLOAT
            && switch (node.getOpType()) {
              case "Conv" -> weights.getDimsCount() == 4;
              case "Gemm" -> weights.getDimsCount() == 2 && isPlain(node);
              default -> weights.getDimsCount() == 2;
            };
    if (!known || node.getInputCount() < 3 || node.getInput(2).isEmpty()) {
      return known;
    }
    TensorProto biases = constants.get(node.getInput(2));
    return biases != null && biases.getDataType() == Tensors.FLOAT && biases.getDimsCount() == 1;
  }

  private static boolean isPlain(NodeProto gemm) {
    return gemm.getAttributeList().stream()
        .allMatch(
            attribute ->
                switch (attribute.getName()) {
                  case "alpha", "beta" -> attribute.getF() == 1;
                  case "transA" -> attribute.getI() == 0;
                  default -> true;
                });
  }

  /** Whether a node computes in eight bits. */
  boolean computes(NodeProto node) {
    return nodes.contains(node);
  }

  /** Those that do, in the order of the graph. */
  Set<NodeProto> nodes() {
    return nodes;
  }

  /** The ReLU or Clip that is one with the node that gives a value, by that value. */
  Map<String, NodeProto> ends() {
    return ends;
  }

  /** Values that eight-bit nodes give in eight bits. */
  Set<String> given() {
    return given;
  }

  /** Values of float32 that eight-bit nodes read. */
  Set<String> taken() {
    return taken;
  }

  TensorProto constant(String name) {
    TensorProto tensor = constants.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(name + " is no constant");
    }
    return tensor;
  }

  /** The numbers that an eight-bit node reads, without constants. */
  List<String> read(NodeProto node) {
    return node.getInputList().stream()
        .filter(value -> given.contains(value) || taken.contains(value))
        .toList();
  }
}
