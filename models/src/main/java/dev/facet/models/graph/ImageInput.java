package dev.facet.models.graph;

import dev.facet.models.graph.onnx.AttributeProto;
import dev.facet.models.graph.onnx.NodeProto;
import dev.facet.models.graph.onnx.TensorProto;
import dev.facet.models.graph.onnx.TensorShapeProto.Dimension;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Replaces a model's float NCHW input by raw pixels.
 *
 * <p>In front of the graph come {@code Transpose} (on bytes: a quarter of the traffic), {@code
 * Cast}, and {@code Sub} and {@code Div} where they would change anything. Standardisation takes
 * mean and variance with {@code ReduceMean} in float32. A model that wants BGR has the input
 * channels of its first convolution exchanged, which is exact and costs nothing; where the input
 * goes elsewhere, a {@code Gather} reorders the pixels instead.
 */
final class ImageInput {

  /** Since this operator set, {@code ReduceMean} takes its axes as an input. */
  private static final long OPSET_WITH_AXES_AS_INPUT = 18;

  private final OnnxGraph graph;
  private final List<NodeProto> front = new ArrayList<>();
  private String last;

  private ImageInput(OnnxGraph graph) {
    this.graph = graph;
    this.last = GraphRewriter.INPUT;
  }

  static void apply(OnnxGraph graph, ColourOrder order, Normalisation normalisation) {
    graph.vacate(GraphRewriter.INPUT);
    new ImageInput(graph).rewrite(order, normalisation);
  }

  private void rewrite(ColourOrder order, Normalisation normalisation) {
    String modelInput = graph.input().getName();
    List<Dimension> nchw = Values.nchw(graph.input());

    add("Transpose", List.of(), Tensors.integers("perm", 0, 3, 1, 2));
    add("Cast", List.of(), Tensors.integer("to", Tensors.FLOAT));
    switch (normalisation) {
      case PixelScale scale -> scale(scale);
      case Standardisation.PER_IMAGE -> standardise(nchw);
    }
    if (order == ColourOrder.BGR && !exchangeWeights(modelInput)) {
      TensorProto blueGreenRed = Tensors.longs("facet/bgr", List.of(2L, 1L, 0L));
      add("Gather", List.of(graph.addConstant(blueGreenRed)), Tensors.integer("axis", 1));
    }
    // The last of them produces the value that the rest of the graph knows as its input.
    front.add(front.removeLast().toBuilder().setOutput(0, modelInput).build());
    graph.prepend(front);
    graph.replaceInput(
        Values.tensor(
            GraphRewriter.INPUT,
            Tensors.UINT8,
            List.of(Values.BATCH, nchw.get(2), nchw.get(3), Values.dimension(3))));
  }

  private void scale(PixelScale scale) {
    if (!scale.mean().equals(PixelScale.NONE.mean())) {
      add("Sub", List.of(perChannel("facet/mean", scale.mean())));
    }
    if (!scale.deviation().equals(PixelScale.NONE.deviation())) {
      add("Div", List.of(perChannel("facet/deviation", scale.deviation())));
    }
  }

  private void standardise(List<Dimension> nchw) {
    Dimension height = nchw.get(2);
    Dimension width = nchw.get(3);
    if (!height.hasDimValue() || !width.hasDimValue()) {
      throw new GraphException(
          "standardisation per image needs a model of fixed height and width; input '%s' leaves one open"
              .formatted(graph.input().getName()));
    }
    double count = 3.0 * height.getDimValue() * width.getDimValue();
    String floor = graph.addConstant(Tensors.floats("facet/floor", List.of(1 / Math.sqrt(count))));

    String pixels = last;
    meanOfPicture();
    String mean = last;
    last = pixels;
    add("Sub", List.of(mean));
    String centred = last;
    add("Mul", List.of(centred));
    meanOfPicture();
    add("Sqrt", List.of());
    add("Max", List.of(floor));
    String deviation = last;
    last = centred;
    add("Div", List.of(deviation));
  }

  /** The mean of each picture's values, [N, 1, 1, 1]. */
  private void meanOfPicture() {
    if (graph.opset() < OPSET_WITH_AXES_AS_INPUT) {
      add("ReduceMean", List.of(), Tensors.integers("axes", 1, 2, 3));
    } else {
      String axes = graph.addConstant(Tensors.longs("facet/axes", List.of(1L, 2L, 3L)));
      add("ReduceMean", List.of(axes));
    }
  }

  private void add(String operator, List<String> constants, AttributeProto... attributes) {
    List<String> inputs = new ArrayList<>(List.of(last));
    inputs.addAll(constants);
    last = graph.freshName("facet/" + operator.toLowerCase(Locale.ROOT));
    front.add(OnnxGraph.node(operator, inputs, last, attributes));
  }

  private String perChannel(String name, List<Double> values) {
    boolean equal = values.stream().distinct().count() == 1;
    return graph.addConstant(
        equal
            ? Tensors.floats(name, values.subList(0, 1))
            : Tensors.floats(name, values, 1, 3, 1, 1));
  }

  /** Exchanges red and blue in the weights that read the input, if exactly one Conv does. */
  private boolean exchangeWeights(String modelInput) {
    List<NodeProto> readers = graph.readers(modelInput);
    // A model moved to float16 casts its input first.
    if (readers.size() == 1 && readers.getFirst().getOpType().equals("Cast")) {
      readers = graph.readers(readers.getFirst().getOutput(0));
    }
    if (readers.size() != 1
        || !readers.getFirst().getOpType().equals("Conv")
        || readers.getFirst().getInputCount() < 2) {
      return false;
    }
    NodeProto conv = readers.getFirst();
    TensorProto weights = graph.constant(conv.getInput(1)).orElse(null);
    // With groups, the second dimension is not the colour.
    if (weights == null || weights.getDimsCount() != 4 || weights.getDims(1) != 3) {
      return false;
    }
    String swapped = graph.addConstant(Tensors.withExchangedColours(weights));
    graph.replaceNode(conv, conv.toBuilder().setInput(1, swapped).build());
    graph.dropIfUnread(conv.getInput(1));
    return true;
  }
}
