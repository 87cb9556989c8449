package dev.facet.models.graph;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.facet.models.graph.onnx.AttributeProto;
import dev.facet.models.graph.onnx.GraphProto;
import dev.facet.models.graph.onnx.ModelProto;
import dev.facet.models.graph.onnx.NodeProto;
import dev.facet.models.graph.onnx.OperatorSetIdProto;
import dev.facet.models.graph.onnx.TensorProto;
import dev.facet.models.graph.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The working copy of one ONNX model while it is rewritten: its values, nodes and constants. */
final class OnnxGraph {

  /** {@code Max} broadcasts since operator set 8; the other operators used here are older. */
  private static final long OLDEST_OPSET = 8;

  /** From this version of the format on, initializers need not be listed as inputs. */
  private static final long IR_WITH_FREE_INITIALIZERS = 4;

  private final ModelProto.Builder model;
  private final GraphProto.Builder graph;
  private final ValueNames names;

  private OnnxGraph(ModelProto.Builder model) {
    this.model = model;
    this.graph = model.getGraphBuilder();
    this.names = new ValueNames(graph.build());
  }

  /**
   * Parses and checks a model: whole, in one file, with one true input.
   *
   * @throws GraphException where it is not
   */
  static OnnxGraph parse(byte[] bytes) {
    ParseBudget.check(bytes);
    ModelProto model;
    try {
      model = ModelProto.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new GraphException("not an ONNX file, or cut short", e);
    }
    if (model.getGraph().getNodeCount() == 0) {
      throw new GraphException("not an ONNX file: it holds no graph with nodes");
    }
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      if (tensor.getDataLocation() != 0) {
        throw new GraphException(
            "weights in a second file are not supported: '%s'".formatted(tensor.getName()));
      }
    }
    OnnxGraph parsed = new OnnxGraph(model.toBuilder());
    parsed.dropInitializersFromInputs();
    parsed.graph.clearValueInfo();
    if (parsed.graph.getInputCount() != 1) {
      throw new GraphException(
          "one input expected, found %d".formatted(parsed.graph.getInputCount()));
    }
    if (parsed.opset() < OLDEST_OPSET) {
      throw new GraphException(
          "operator set %d is too old; %d or newer is needed"
              .formatted(parsed.opset(), OLDEST_OPSET));
    }
    return parsed;
  }

  byte[] toByteArray() {
    return model.build().toByteArray();
  }

  /** The version of ONNX's own operator set. */
  long opset() {
    return model.getOpsetImportList().stream()
        .filter(set -> set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx"))
        .mapToLong(OperatorSetIdProto::getVersion)
        .findFirst()
        .orElseThrow(() -> new GraphException("the model names no operator set"));
  }

  ValueInfoProto input() {
    return graph.getInput(0);
  }

  void replaceInput(ValueInfoProto input) {
    names.take(input.getName());
    graph.setInput(0, input);
  }

  List<ValueInfoProto> outputs() {
    return graph.getOutputList();
  }

  void replaceOutput(int index, ValueInfoProto output) {
    names.take(output.getName());
    graph.setOutput(index, output);
  }

  void replaceOutputs(List<ValueInfoProto> outputs) {
    graph.clearOutput().addAllOutput(outputs);
  }

  List<NodeProto> nodes() {
    return graph.getNodeList();
  }

  void replaceNodes(List<NodeProto> nodes) {
    graph.clearNode().addAllNode(nodes);
  }

  List<TensorProto> initializers() {
    return List.copyOf(graph.getInitializerList());
  }

  /** The nodes that read a value, in the graph itself or in a sub-graph of theirs. */
  List<NodeProto> readers(String value) {
    return graph.getNodeList().stream().filter(node -> ValueNames.reads(node, value)).toList();
  }

  void replaceNode(NodeProto old, NodeProto replacement) {
    graph.setNode(graph.getNodeList().indexOf(old), replacement);
  }

  /** Removes a constant once nothing reads it any more. */
  void dropIfUnread(String name) {
    dropUnread(Set.of(name));
  }

  /** Removes those of these constants that nothing reads any more. */
  void dropUnread(Set<String> names) {
    Set<String> read = new HashSet<>();
    outputs().forEach(output -> read.add(output.getName()));
    nodes().forEach(node -> read.addAll(ValueNames.readBy(node)));
    Set<String> unread = new HashSet<>(names);
    unread.removeAll(read);
    List<TensorProto> tensors =
        graph.getInitializerList().stream().filter(t -> !unread.contains(t.getName())).toList();
    List<NodeProto> nodes =
        graph.getNodeList().stream().filter(node -> !isConstant(node, unread)).toList();
    graph.clearInitializer().addAllInitializer(tensors).clearNode().addAllNode(nodes);
  }

  private static boolean isConstant(NodeProto node, Set<String> names) {
    return node.getOpType().equals("Constant") && names.containsAll(node.getOutputList());
  }

  /** Puts nodes before all others, in the given order. */
  void prepend(List<NodeProto> nodes) {
    List<NodeProto> all = new ArrayList<>(nodes);
    all.addAll(graph.getNodeList());
    graph.clearNode().addAllNode(all);
  }

  void append(NodeProto node) {
    graph.addNode(node);
  }

  /** A node of ONNX's own set with one output. */
  static NodeProto node(
      String operator, List<String> inputs, String output, AttributeProto... attributes) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .setName(output)
        .addAllInput(inputs)
        .addOutput(output)
        .addAllAttribute(List.of(attributes))
        .build();
  }

  /** Adds a constant under a name of its own, derived from the one it carries. */
  String addConstant(TensorProto tensor) {
    String name = freshName(tensor.getName());
    graph.addInitializer(tensor.toBuilder().setName(name));
    return name;
  }

  /** The constant of that name, be it an initializer or the output of a {@code Constant} node. */
  Optional<TensorProto> constant(String name) {
    return graph.getInitializerList().stream()
        .filter(tensor -> tensor.getName().equals(name))
        .findFirst()
        .or(
            () ->
                graph.getNodeList().stream()
                    .filter(node -> isConstant(node, Set.of(name)))
                    .flatMap(n -> n.getAttributeList().stream())
                    .filter(a -> a.getName().equals("value"))
                    .map(AttributeProto::getT)
                    .findFirst());
  }

  /** A name that no value has yet. */
  String freshName(String wanted) {
    return names.fresh(wanted);
  }

  /** Makes a name free: the value that has it, if any, gets another one everywhere. */
  void vacate(String name) {
    names.vacate(name, graph);
  }

  private void dropInitializersFromInputs() {
    Set<String> constants = new HashSet<>();
    graph.getInitializerList().forEach(tensor -> constants.add(tensor.getName()));
    List<ValueInfoProto> inputs =
        graph.getInputList().stream().filter(i -> !constants.contains(i.getName())).toList();
    graph.clearInput().addAllInput(inputs);
    model.setIrVersion(Math.max(model.getIrVersion(), IR_WITH_FREE_INITIALIZERS));
  }
}
