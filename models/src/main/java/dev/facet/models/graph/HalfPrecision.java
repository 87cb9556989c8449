package dev.facet.models.graph;

import dev.facet.models.graph.onnx.AttributeProto;
import dev.facet.models.graph.onnx.NodeProto;
import dev.facet.models.graph.onnx.TensorProto;
import dev.facet.models.graph.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Moves a model's arithmetic to float16; its input and outputs stay float32.
 *
 * <p>Every number in the graph is known as float16, float32 or a constant, in the order of the
 * nodes. An operator computes in float16 unless it is one of those kept in float32 ({@link
 * HalfOperators}), or one that may follow and reads nothing else: so a whole layer normalisation,
 * with its squares and its small epsilon, stays float32 between two convolutions. A quotient whose
 * divisor is float32 is float32 too, as the divisor may be too small for float16. {@code Cast}s
 * stand where the two meet.
 *
 * <p>What the activations do cannot be known from the file: a model that leaves float16's range
 * answers infinities or NaN, which the embedder's self-test and its look at every vector refuse.
 */
final class HalfPrecision {

  private enum Kind {
    HALF,
    FULL,
    CONSTANT
  }

  private final OnnxGraph graph;
  private final Set<String> outputs;
  private final Map<String, Kind> kinds = new HashMap<>();
  private final Map<String, String> halves = new HashMap<>();
  private final Map<String, String> fulls = new HashMap<>();
  private final HalfConstants constants;
  private final List<NodeProto> rewritten = new ArrayList<>();

  private HalfPrecision(OnnxGraph graph) {
    this.graph = graph;
    this.constants = new HalfConstants(graph);
    this.outputs =
        graph.outputs().stream().map(ValueInfoProto::getName).collect(Collectors.toSet());
  }

  /**
   * Rewrites a graph whose input is float32.
   *
   * @throws GraphException if it holds operators of which it is not known what float16 does to
   *     them, sub-graphs, numbers of other precisions, or weights beyond the range
   */
  static void apply(OnnxGraph graph) {
    new HalfPrecision(graph).rewrite();
  }

  private void rewrite() {
    full(graph.input().getName());
    for (TensorProto tensor : graph.initializers()) {
      constant(tensor.getName(), tensor);
    }
    for (NodeProto node : graph.nodes()) {
      rewrite(node);
    }
    graph.outputs().stream()
        .map(ValueInfoProto::getName)
        .filter(output -> kinds.get(output) == Kind.HALF)
        .forEach(this::asFull);
    graph.replaceNodes(withoutUnreadConstants());
    graph.dropUnread(constants.names());
  }

  private List<NodeProto> withoutUnreadConstants() {
    Set<String> read = new HashSet<>(outputs);
    rewritten.forEach(node -> read.addAll(node.getInputList()));
    return rewritten.stream()
        .filter(node -> !node.getOpType().equals("Constant") || read.contains(node.getOutput(0)))
        .toList();
  }

  private void rewrite(NodeProto node) {
    String operator = node.getOpType();
    if (!node.getDomain().isEmpty() || !HalfOperators.known(operator)) {
      throw new GraphException("it is not known how %s takes float16".formatted(operator));
    }
    if (operator.equals("Constant")) {
      rewritten.add(node);
      constant(node);
      return;
    }
    if (operator.equals("Cast")) {
      cast(node);
      return;
    }
    Set<Kind> read =
        node.getInputList().stream()
            .filter(kinds::containsKey)
            .map(kinds::get)
            .collect(Collectors.toSet());
    if (read.isEmpty()) {
      rewritten.add(node);
      return;
    }
    boolean full = computesInFull(node, read);
    NodeProto.Builder moved = node.toBuilder();
    for (int i = 0; i < node.getInputCount(); i++) {
      String input = node.getInput(i);
      if (kinds.containsKey(input)) {
        moved.setInput(i, full ? asFull(input) : asHalf(input, operator));
      }
    }
    for (int i = 0; i < node.getOutputCount(); i++) {
      String output = node.getOutput(i);
      if (output.isEmpty() || !HalfOperators.givesNumbers(operator, i)) {
        continue;
      }
      if (full) {
        full(output);
      } else {
        moved.setOutput(i, half(output));
      }
    }
    rewritten.add(moved.build());
  }

  /** A cast of the model's own: to float32 it is one to float16 now, to whole numbers it stays. */
  private void cast(NodeProto node) {
    AttributeProto to = onlyAttribute(node, 1);
    if (Tensors.isFloatOtherThanSingle(to.getI())) {
      throw new GraphException(
          "'%s' is cast to ONNX type %d; only float32 becomes float16"
              .formatted(node.getInput(0), to.getI()));
    }
    NodeProto.Builder moved = node.toBuilder();
    if (kinds.containsKey(node.getInput(0))) {
      moved.setInput(0, asFull(node.getInput(0)));
    }
    if (to.getI() == Tensors.FLOAT) {
      moved.setAttribute(0, Tensors.integer("to", Tensors.FLOAT16));
      moved.setOutput(0, half(node.getOutput(0)));
    }
    rewritten.add(moved.build());
  }

  private boolean computesInFull(NodeProto node, Set<Kind> read) {
    String operator = node.getOpType();
    if (HalfOperators.keptInFull(operator)) {
      return true;
    }
    if (!HalfOperators.followsItsInputs(operator) || !read.contains(Kind.FULL)) {
      return false;
    }
    return !read.contains(Kind.HALF)
        || (operator.equals("Div")
            && node.getInputCount() == 2
            && kinds.get(node.getInput(1)) == Kind.FULL);
  }

  private void full(String value) {
    kinds.put(value, Kind.FULL);
    fulls.put(value, value);
  }

  /** The name under which a value is computed in float16; its own is for float32 if it goes out. */
  private String half(String value) {
    String name = outputs.contains(value) ? graph.freshName(value + "/half") : value;
    kinds.put(value, Kind.HALF);
    halves.put(value, name);
    return name;
  }

  private void constant(NodeProto node) {
    AttributeProto value = onlyAttribute(node, 0);
    if (value.hasT()) {
      constant(node.getOutput(0), value.getT());
    } else if (!value.getName().startsWith("value_int")) {
      throw new GraphException(
          "constant '%s' must be a tensor to become float16".formatted(node.getOutput(0)));
    }
  }

  /** Of nodes that have one and an output, if the file is what it says. */
  private static AttributeProto onlyAttribute(NodeProto node, int inputs) {
    if (node.getAttributeCount() != 1
        || node.getInputCount() != inputs
        || node.getOutputCount() != 1) {
      throw new GraphException(
          "%s '%s' has not the attributes, inputs and outputs that are known of it"
              .formatted(node.getOpType(), node.getName()));
    }
    return node.getAttribute(0);
  }

  private void constant(String name, TensorProto tensor) {
    if (constants.add(name, tensor)) {
      kinds.put(name, Kind.CONSTANT);
      fulls.put(name, name);
    }
  }

  private String asFull(String value) {
    String known = fulls.get(value);
    if (known != null) {
      return known;
    }
    String name = outputs.contains(value) ? value : graph.freshName(value + "/full");
    fulls.put(value, name);
    cast(halves.getOrDefault(value, value), name, Tensors.FLOAT);
    return name;
  }

  private String asHalf(String value, String reader) {
    if (kinds.get(value) == Kind.CONSTANT) {
      return constants.half(value, HalfOperators.bounds(reader));
    }
    String known = halves.get(value);
    if (known != null) {
      return known;
    }
    String name = graph.freshName(value + "/half");
    halves.put(value, name);
    cast(value, name, Tensors.FLOAT16);
    return name;
  }

  private void cast(String from, String to, int type) {
    NodeProto cast = OnnxGraph.node("Cast", List.of(from), to, Tensors.integer("to", type));
    // The node that gave this value its name may have the same.
    rewritten.add(cast.toBuilder().setName(graph.freshName("facet/precision")).build());
  }
}
