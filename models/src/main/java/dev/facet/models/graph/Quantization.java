package dev.facet.models.graph;

import dev.facet.models.graph.onnx.NodeProto;
import dev.facet.models.graph.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Moves a network to eight bits: weights int8 with a scale for each output, activations uint8 with
 * one scale each, biases int32 (Jacob et al. 2018, arXiv:1712.05877).
 *
 * <p>The scales of activations are fixed beforehand from what they are on pictures: {@link
 * #observed()} is the graph that shows them. The result is written with pairs of {@code
 * QuantizeLinear} and {@code DequantizeLinear} around float32 operators, which every runtime can
 * run and those that know better fuse. ReLUs in front of such a pair are left out, as its range
 * ends at 0; what a pool or a concatenation reads and gives has one scale, so that numbers are
 * copied.
 */
public final class Quantization {

  /** Since this operator set, the scales of weights may be one for each output. */
  private static final long OPSET_WITH_AXES = 13;

  private final byte[] onnx;

  private Quantization(byte[] onnx) {
    this.onnx = onnx;
  }

  /**
   * Takes a network in float32: one input, weights inside.
   *
   * @throws GraphException if the file is something else, or its operator set is older than 13
   */
  public static Quantization of(byte[] onnx) {
    long opset = OnnxGraph.parse(onnx).opset();
    if (opset < OPSET_WITH_AXES) {
      throw new GraphException(
          "operator set %d is too old for eight bits; %d or newer is needed"
              .formatted(opset, OPSET_WITH_AXES));
    }
    return new Quantization(onnx.clone());
  }

  /** The layers that may be moved, by the names of their outputs, in the order of the graph. */
  public List<String> layers() {
    OnnxGraph graph = OnnxGraph.parse(onnx);
    QuantizationPlan plan = new QuantizationPlan(graph, Set.of());
    return plan.nodes().stream().filter(plan::isLayer).map(node -> node.getOutput(0)).toList();
  }

  /** The values whose ranges are needed. */
  public List<String> activations() {
    QuantizationPlan plan = new QuantizationPlan(OnnxGraph.parse(onnx), Set.of());
    Set<String> values = new LinkedHashSet<>(plan.taken());
    values.addAll(plan.given());
    return List.copyOf(values);
  }

  /** The same network with the {@link #activations()}, in their order, as its outputs. */
  public byte[] observed() {
    OnnxGraph graph = OnnxGraph.parse(onnx);
    List<ValueInfoProto> outputs = new ArrayList<>();
    for (String value : activations()) {
      // An input cannot be an output.
      String name = value.equals(graph.input().getName()) ? copied(graph, value) : value;
      outputs.add(Values.number(name, Tensors.FLOAT));
    }
    graph.replaceOutputs(outputs);
    return graph.toByteArray();
  }

  private static String copied(OnnxGraph graph, String value) {
    String name = graph.freshName(value + "/seen");
    graph.append(OnnxGraph.node("Identity", List.of(value), name));
    return name;
  }

  /**
   * The network in eight bits; equal arguments give equal bytes.
   *
   * @param ranges of all {@link #activations()}, by name
   * @param kept layers that stay float32
   * @throws IllegalArgumentException if a range is missing, or there is no such layer
   * @throws GraphException if the network has no layer to move
   */
  public byte[] quantized(Map<String, ActivationRange> ranges, Set<String> kept) {
    Set<String> unknown = new LinkedHashSet<>(kept);
    layers().forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("the network has no layer %s".formatted(unknown));
    }
    OnnxGraph graph = OnnxGraph.parse(onnx);
    QuantizationPlan plan = new QuantizationPlan(graph, kept);
    if (plan.nodes().isEmpty()) {
      throw new GraphException("the network has no layer that can be moved to eight bits");
    }
    new QuantizedNodes(graph, plan, scales(plan, ranges)).write();
    return graph.toByteArray();
  }

  /** The range of each value, shared where an operator keeps the scale. */
  private static Map<String, ActivationRange> scales(
      QuantizationPlan plan, Map<String, ActivationRange> ranges) {
    Map<String, Set<String>> sharing = new HashMap<>();
    for (NodeProto node : plan.nodes()) {
      if (QuantizedOperators.keepsScale(node.getOpType())) {
        Set<String> together = new LinkedHashSet<>();
        List<String> values = new ArrayList<>(plan.read(node));
        NodeProto end = plan.ends().get(node.getOutput(0));
        values.add((end == null ? node : end).getOutput(0));
        for (String value : values) {
          together.addAll(sharing.getOrDefault(value, Set.of(value)));
        }
        together.forEach(value -> sharing.put(value, together));
      }
    }
    Map<String, ActivationRange> shared = new HashMap<>();
    for (Set<String> values : List.of(plan.taken(), plan.given())) {
      for (String value : values) {
        shared.put(
            value,
            sharing.getOrDefault(value, Set.of(value)).stream()
                .map(member -> range(ranges, member))
                .reduce(ActivationRange::with)
                .orElseThrow());
      }
    }
    return shared;
  }

  private static ActivationRange range(Map<String, ActivationRange> ranges, String value) {
    ActivationRange range = ranges.get(value);
    if (range == null) {
      throw new IllegalArgumentException("no range is given for '%s'".formatted(value));
    }
    return range;
  }
}
