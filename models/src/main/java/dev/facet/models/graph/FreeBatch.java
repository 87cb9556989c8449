package dev.facet.models.graph;

import dev.facet.models.graph.onnx.NodeProto;
import dev.facet.models.graph.onnx.TensorProto;
import dev.facet.models.graph.onnx.TensorShapeProto.Dimension;
import dev.facet.models.graph.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets a model that was exported with a fixed batch take any.
 *
 * <p>What fixes the batch inside a graph are {@code Reshape}s of the input's descendants to a
 * constant shape that begins with the batch: there 0 is written instead, ONNX's word for "as the
 * input has it". Declared shapes of outputs get a free first dimension.
 */
final class FreeBatch {

  private FreeBatch() {}

  static void apply(OnnxGraph graph) {
    Dimension batch = Values.nchw(graph.input()).getFirst();
    if (batch.hasDimValue()) {
      freeReshapes(graph, batch.getDimValue());
    }
    for (int i = 0; i < graph.outputs().size(); i++) {
      ValueInfoProto output = graph.outputs().get(i);
      List<Dimension> dimensions = new ArrayList<>(Values.dimensions(output));
      if (!dimensions.isEmpty()) {
        dimensions.set(0, Values.BATCH);
        graph.replaceOutput(
            i, Values.tensor(output.getName(), Values.elementType(output), dimensions));
      }
    }
  }

  private static void freeReshapes(OnnxGraph graph, long batch) {
    Set<String> descendants = new HashSet<>(Set.of(graph.input().getName()));
    // Nodes of a valid graph stand after those whose outputs they read.
    for (NodeProto node : List.copyOf(graph.nodes())) {
      if (node.getInputList().stream().noneMatch(descendants::contains)) {
        continue;
      }
      descendants.addAll(node.getOutputList());
      if (node.getOpType().equals("Reshape")
          && node.getInputCount() == 2
          && descendants.contains(node.getInput(0))) {
        graph.constant(node.getInput(1)).ifPresent(shape -> free(graph, node, shape, batch));
      }
    }
  }

  private static void free(OnnxGraph graph, NodeProto reshape, TensorProto shape, long batch) {
    List<Long> sizes = new ArrayList<>(Tensors.longs(shape));
    if (sizes.isEmpty() || sizes.getFirst() != batch) {
      return;
    }
    sizes.set(0, 0L);
    String freed = graph.addConstant(Tensors.longs("facet/shape", sizes));
    NodeProto.Builder node = reshape.toBuilder().setInput(1, freed);
    // `allowzero` would make the 0 mean an empty dimension.
    List<Integer> allowZero = new ArrayList<>();
    for (int i = 0; i < node.getAttributeCount(); i++) {
      if (node.getAttribute(i).getName().equals("allowzero")) {
        allowZero.add(i);
      }
    }
    allowZero.reversed().forEach(node::removeAttribute);
    graph.replaceNode(reshape, node.build());
    graph.dropIfUnread(reshape.getInput(1));
  }
}
