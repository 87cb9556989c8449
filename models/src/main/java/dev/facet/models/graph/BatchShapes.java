package dev.facet.models.graph;

import dev.facet.models.graph.onnx.AttributeProto;
import dev.facet.models.graph.onnx.NodeProto;
import dev.facet.models.graph.onnx.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes the arithmetic out of shapes that only carry the batch on.
 *
 * <p>Exporters write "as many as the input has" as {@code Shape}, {@code Gather}, {@code Unsqueeze}
 * and {@code Concat}; {@code Reshape} has a 0 for it. ONNX Runtime puts such arithmetic on the
 * processor, whatever else runs where, and a session that may use CUDA only is then refused.
 */
final class BatchShapes {

  /** What the arithmetic is made of; dropped where nothing reads it any more. */
  private static final Set<String> ARITHMETIC = Set.of("Shape", "Gather", "Unsqueeze", "Concat");

  private final OnnxGraph graph;
  private final Map<String, NodeProto> makers = new HashMap<>();

  private BatchShapes(OnnxGraph graph) {
    this.graph = graph;
    graph.nodes().forEach(node -> node.getOutputList().forEach(out -> makers.put(out, node)));
  }

  static void apply(OnnxGraph graph) {
    new BatchShapes(graph).rewrite();
  }

  private void rewrite() {
    List<NodeProto> rewritten = new ArrayList<>();
    boolean changed = false;
    for (NodeProto node : graph.nodes()) {
      Optional<List<Long>> shape = shape(node);
      if (shape.isPresent()) {
        String constant = graph.addConstant(Tensors.longs("facet/shape", shape.get()));
        rewritten.add(node.toBuilder().setInput(1, constant).build());
        changed = true;
      } else {
        rewritten.add(node);
      }
    }
    if (changed) {
      graph.replaceNodes(rewritten);
      dropUnread();
    }
  }

  /** The constant shape of a {@code Reshape} that keeps the first length; empty for all others. */
  private Optional<List<Long>> shape(NodeProto reshape) {
    if (!reshape.getOpType().equals("Reshape")
        || reshape.getInputCount() != 2
        || reshape.getAttributeCount() != 0) { // `allowzero` gives the 0 another meaning
      return Optional.empty();
    }
    NodeProto parts = makers.get(reshape.getInput(1));
    if (parts == null
        || !parts.getOpType().equals("Concat")
        || !carriesBatch(parts.getInput(0), sameBatch(reshape.getInput(0)))) {
      return Optional.empty();
    }
    List<Long> shape = new ArrayList<>(List.of(0L));
    for (String part : parts.getInputList().subList(1, parts.getInputCount())) {
      Optional<TensorProto> constant = graph.constant(part);
      if (constant.isEmpty()) {
        return Optional.empty();
      }
      shape.addAll(Tensors.longs(constant.get()));
    }
    return Optional.of(shape);
  }

  /** A value, and those that it is a transposition of with the first dimension in its place. */
  private Set<String> sameBatch(String value) {
    Set<String> same = new HashSet<>(Set.of(value));
    NodeProto maker = makers.get(value);
    while (maker != null
        && maker.getOpType().equals("Transpose")
        && maker.getAttributeList().stream().anyMatch(BatchShapes::keepsFirst)) {
      same.add(maker.getInput(0));
      maker = makers.get(maker.getInput(0));
    }
    return same;
  }

  private static boolean keepsFirst(AttributeProto attribute) {
    return attribute.getName().equals("perm")
        && attribute.getIntsCount() > 0
        && attribute.getInts(0) == 0;
  }

  /** Whether it is a list of one number, the first length of one of these values. */
  private boolean carriesBatch(String part, Set<String> values) {
    NodeProto unsqueeze = makers.get(part);
    if (unsqueeze == null || !unsqueeze.getOpType().equals("Unsqueeze")) {
      return false;
    }
    NodeProto gather = makers.get(unsqueeze.getInput(0));
    if (gather == null
        || !gather.getOpType().equals("Gather")
        || !graph
            .constant(gather.getInput(1))
            .map(Tensors::longs)
            .equals(Optional.of(List.of(0L)))) {
      return false;
    }
    NodeProto shape = makers.get(gather.getInput(0));
    return shape != null
        && shape.getOpType().equals("Shape")
        && shape.getAttributeCount() == 0 // it may begin elsewhere
        && values.contains(shape.getInput(0));
  }

  private void dropUnread() {
    List<NodeProto> kept = new ArrayList<>(graph.nodes());
    Set<String> constants = new HashSet<>();
    int before;
    do {
      before = kept.size();
      Set<String> read = new HashSet<>();
      graph.outputs().forEach(output -> read.add(output.getName()));
      kept.forEach(node -> read.addAll(ValueNames.readBy(node)));
      kept.removeIf(
          node -> {
            boolean dropped =
                ARITHMETIC.contains(node.getOpType())
                    && node.getOutputList().stream().noneMatch(read::contains);
            if (dropped) {
              constants.addAll(node.getInputList());
            }
            return dropped;
          });
    } while (kept.size() < before);
    graph.replaceNodes(kept);
    graph.dropUnread(constants);
  }
}
