package dev.facet.models.graph;

import dev.facet.models.graph.onnx.NodeProto;
import dev.facet.models.graph.onnx.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Writes a planned graph down: nodes, scales and rounded weights. */
final class QuantizedNodes {

  private final OnnxGraph graph;
  private final QuantizationPlan plan;
  private final Map<String, ActivationRange> ranges;
  private final Map<String, String> taken = new HashMap<>();
  private final Map<ActivationRange, List<String>> scales = new HashMap<>();
  private final List<NodeProto> written = new ArrayList<>();
  private final Set<NodeProto> done = new HashSet<>();
  private final Set<String> replaced = new HashSet<>();

  /**
   * @param ranges of every value that the plan keeps in eight bits
   */
  QuantizedNodes(OnnxGraph graph, QuantizationPlan plan, Map<String, ActivationRange> ranges) {
    this.graph = graph;
    this.plan = plan;
    this.ranges = ranges;
  }

  void write() {
    for (NodeProto node : graph.nodes()) {
      if (plan.computes(node)) {
        move(node);
      } else if (!done.contains(node)) {
        written.add(node);
      }
    }
    graph.replaceNodes(written);
    graph.dropUnread(replaced);
  }

  private void move(NodeProto node) {
    NodeProto.Builder moved = node.toBuilder();
    for (int i = 0; i < node.getInputCount(); i++) {
      if (plan.taken().contains(node.getInput(i))) {
        moved.setInput(i, taken(node.getInput(i)));
      }
    }
    if (plan.isLayer(node)) {
      roundWeights(node, moved);
    }
    NodeProto end = plan.ends().get(node.getOutput(0));
    String value = (end == null ? node : end).getOutput(0);
    if (!plan.given().contains(value)) {
      written.add(moved.build());
      return;
    }
    String exact = graph.freshName(value + "/exact");
    ActivationRange range = range(value);
    if (end != null && ends(end, range)) {
      // The range ends where the ReLU or Clip would.
      done.add(end);
      replaced.addAll(end.getInputList().subList(1, end.getInputCount()));
      written.add(moved.setOutput(0, exact).build());
    } else if (end != null) {
      done.add(end);
      written.add(moved.build());
      written.add(end.toBuilder().setOutput(0, exact).build());
    } else {
      written.add(moved.setOutput(0, exact).build());
    }
    keep(exact, value, range);
  }

  private boolean ends(NodeProto end, ActivationRange range) {
    ActivationRange bounds = plan.bounds(end).orElseThrow();
    return range.least() >= bounds.least() && range.greatest() <= bounds.greatest();
  }

  private ActivationRange range(String value) {
    return Objects.requireNonNull(ranges.get(value));
  }

  private String taken(String value) {
    return taken.computeIfAbsent(
        value,
        exact -> {
          String name = graph.freshName(exact + "/kept");
          keep(exact, name, range(exact));
          return name;
        });
  }

  /** A value goes through eight bits. */
  private void keep(String exact, String name, ActivationRange range) {
    List<String> scale = scales.computeIfAbsent(range, this::scale);
    String bytes = graph.freshName(name + "/uint8");
    written.add(
        OnnxGraph.node("QuantizeLinear", List.of(exact, scale.get(0), scale.get(1)), bytes));
    written.add(
        OnnxGraph.node("DequantizeLinear", List.of(bytes, scale.get(0), scale.get(1)), name)
            .toBuilder()
            // The node that gave this value its name may have the same.
            .setName(graph.freshName("facet/dequantize"))
            .build());
  }

  private List<String> scale(ActivationRange range) {
    return List.of(
        graph.addConstant(Tensors.floats("facet/scale", List.of((double) range.scale()))),
        graph.addConstant(Tensors.uint8("facet/zero", range.zeroPoint())));
  }

  private void roundWeights(NodeProto node, NodeProto.Builder moved) {
    String name = node.getInput(1);
    TensorProto weights = plan.constant(name);
    boolean biased = node.getInputCount() > 2 && !node.getInput(2).isEmpty();
    float[] bias = biased ? Tensors.floats(plan.constant(node.getInput(2))) : new float[0];
    int axis = QuantizedWeights.axis(node);
    if (biased && bias.length != weights.getDims(axis)) {
      throw new GraphException(
          "layer '%s' has %d biases for %d outputs"
              .formatted(node.getOutput(0), bias.length, weights.getDims(axis)));
    }
    QuantizedWeights rounded =
        QuantizedWeights.of(weights, bias, axis, range(node.getInput(0)).scale());
    String scale =
        graph.addConstant(Tensors.raw(name + "/scale", rounded.scales(), rounded.scales().length));
    String bytes =
        graph.addConstant(Tensors.int8(name + "/int8", weights.getDimsList(), rounded.weights()));
    moved.setInput(1, dequantized(bytes, scale, name + "/kept", axis));
    replaced.add(name);
    if (biased) {
      float[] scales = rounded.scales().clone();
      for (int i = 0; i < scales.length; i++) {
        scales[i] *= range(node.getInput(0)).scale();
      }
      String biasName = node.getInput(2);
      String biasScale = graph.addConstant(Tensors.raw(biasName + "/scale", scales, scales.length));
      String ints = graph.addConstant(Tensors.int32(biasName + "/int32", rounded.biases()));
      moved.setInput(2, dequantized(ints, biasScale, biasName + "/kept", 0));
      replaced.add(biasName);
    }
  }

  private String dequantized(String constant, String scale, String wanted, int axis) {
    String name = graph.freshName(wanted);
    written.add(
        OnnxGraph.node(
            "DequantizeLinear", List.of(constant, scale), name, Tensors.integer("axis", axis)));
    return name;
  }
}
