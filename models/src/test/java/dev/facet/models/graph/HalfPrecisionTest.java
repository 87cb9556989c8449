package dev.facet.models.graph;

import static dev.facet.models.graph.TinyGraph.DIMENSION;
import static dev.facet.models.graph.TinyGraph.SIDE;
import static dev.facet.models.graph.TinyGraph.dimension;
import static dev.facet.models.graph.TinyGraph.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.facet.models.graph.onnx.AttributeProto;
import dev.facet.models.graph.onnx.GraphProto;
import dev.facet.models.graph.onnx.ModelProto;
import dev.facet.models.graph.onnx.NodeProto;
import dev.facet.models.graph.onnx.TensorProto;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HalfPrecisionTest {

  private static final PixelScale UNIT =
      new PixelScale(List.of(127.5, 127.5, 127.5), List.of(127.5, 127.5, 127.5));

  @ParameterizedTest
  @EnumSource(ColourOrder.class)
  void endsStayFloatAndNumbersStayClose(ColourOrder order) throws Exception {
    byte[] original = TinyGraph.ofBatch(open()).flatOutput("out", open()).bytes();

    byte[] half = GraphRewriter.of(original, Precision.FP16).imageInput(order, UNIT).toByteArray();

    assertThat(operators(half))
        .containsExactly("Transpose", "Cast", "Sub", "Div", "Cast", "Conv", "Flatten", "Cast");
    float[] expected = run(GraphRewriter.of(original).imageInput(order, UNIT).toByteArray());
    assertThat(run(half)).containsExactly(expected, within(5e-3f)).isNotEqualTo(expected);
  }

  /** 16 numbers near 30,000 each are in range, and the sum of their squares is far outside. */
  @Test
  void lengthOfALargeVectorIsTakenInFloat() throws Exception {
    byte[] original =
        TinyGraph.ofBatch(open())
            .constant(Tensors.floats("large", List.of(25_000.0)))
            .node("Tanh", "small", List.of("features"))
            .node("Mul", "big", List.of("small", "large"))
            .node("Flatten", "out", List.of("big"))
            .output("out", open(), dimension(DIMENSION))
            .bytes();

    byte[] half =
        GraphRewriter.of(original, Precision.FP16)
            .imageInput(ColourOrder.RGB, PixelScale.NONE)
            .unitEmbedding(DIMENSION)
            .toByteArray();

    float[] embedding =
        Objects.requireNonNull(
            PlainRun.onPixels(half, TinyGraph.pixels(1), 1, SIDE, SIDE, 3).get("embedding"));
    double squares = 0;
    for (float value : embedding) {
      squares += value * value;
    }
    assertThat(squares).isCloseTo(1, within(1e-6));
  }

  /** A layer normalisation keeps its squares and its epsilon; the products around it do not. */
  @Test
  void normalisationInsideTheModelStaysFloat() throws Exception {
    byte[] original =
        TinyGraph.ofBatch(open())
            .constant(Tensors.floats("two", List.of(2.0)))
            .constant(Tensors.floats("epsilon", List.of(1e-12)))
            .node("Pow", "squares", List.of("features", "two"))
            .node("ReduceMean", "variance", List.of("squares"), Tensors.integers("axes", 1, 2, 3))
            .node("Add", "safe", List.of("variance", "epsilon"))
            .node("Sqrt", "deviation", List.of("safe"))
            .node("Div", "normal", List.of("features", "deviation"))
            .node("Flatten", "out", List.of("normal"))
            .output("out", open(), dimension(DIMENSION))
            .bytes();

    byte[] half =
        GraphRewriter.of(original, Precision.FP16)
            .imageInput(ColourOrder.RGB, PixelScale.NONE)
            .toByteArray();

    assertThat(operators(half))
        .containsExactly(
            "Transpose",
            "Cast",
            "Cast",
            "Conv",
            "Cast",
            "Pow",
            "ReduceMean",
            "Add",
            "Sqrt",
            "Div",
            "Flatten");
    byte[] black = new byte[SIDE * SIDE * 3];
    assertThat(Objects.requireNonNull(PlainRun.onPixels(half, black, 1, SIDE, SIDE, 3).get("out")))
        .containsOnly(0); // 0 / 0 with an epsilon that float16 cannot hold
  }

  @Test
  void valueThatIsOutputAndReadOnGoesOutInFloat() throws Exception {
    byte[] original =
        TinyGraph.ofBatch(open())
            .node("Relu", "seen", List.of("features"))
            .output("seen", open(), dimension(4), dimension(2), dimension(2))
            .node("Flatten", "out", List.of("seen"))
            .output("out", open(), dimension(DIMENSION))
            .bytes();

    byte[] half =
        GraphRewriter.of(original, Precision.FP16).imageInput(ColourOrder.RGB, UNIT).toByteArray();

    var outputs = PlainRun.onPixels(half, TinyGraph.pixels(1), 1, SIDE, SIDE, 3);
    assertThat(outputs.keySet()).containsExactly("seen", "out");
    assertThat(outputs.get("out")).isEqualTo(outputs.get("seen"));
  }

  @Test
  void boundBeyondTheRangeIsMovedAndAWeightIsRefused() throws Exception {
    byte[] bounded =
        TinyGraph.ofBatch(open())
            .constant(Tensors.floats("least", List.of(0.0)))
            .constant(Tensors.floats("most", List.of(3.4e38)))
            .node("Clip", "kept", List.of("features", "least", "most"))
            .node("Flatten", "out", List.of("kept"))
            .output("out", open(), dimension(DIMENSION))
            .bytes();
    byte[] scaled =
        TinyGraph.ofBatch(open())
            .constant(Tensors.floats("most", List.of(70_000.0)))
            .node("Mul", "kept", List.of("features", "most"))
            .node("Flatten", "out", List.of("kept"))
            .output("out", open(), dimension(DIMENSION))
            .bytes();

    byte[] half =
        GraphRewriter.of(bounded, Precision.FP16).imageInput(ColourOrder.RGB, UNIT).toByteArray();

    assertThat(run(half))
        .containsExactly(
            run(GraphRewriter.of(bounded).imageInput(ColourOrder.RGB, UNIT).toByteArray()),
            within(5e-3f));
    assertRefused(scaled, "'most' holds 70000", "65504");
  }

  @Test
  void whatIsNotKnownIsRefused() {
    byte[] foreign =
        TinyGraph.ofBatch(open())
            .node(
                NodeProto.newBuilder()
                    .setOpType("FusedConv")
                    .setDomain("com.microsoft")
                    .addInput("features")
                    .addOutput("out")
                    .build())
            .output("out", open(), dimension(DIMENSION))
            .bytes();
    AttributeProto branch =
        AttributeProto.newBuilder()
            .setName("then_branch")
            .setType(5)
            .setG(GraphProto.getDefaultInstance())
            .build();
    byte[] branching =
        TinyGraph.ofBatch(open())
            .node("If", "out", List.of("features"), branch)
            .output("out", open(), dimension(DIMENSION))
            .bytes();
    byte[] halved =
        TinyGraph.ofBatch(open())
            .constant(TensorProto.newBuilder().setName("h").setDataType(Tensors.FLOAT16).build())
            .flatOutput("out", open())
            .bytes();

    assertRefused(foreign, "FusedConv");
    assertRefused(branching, "If");
    assertRefused(halved, "'h' is of ONNX type 10");
  }

  @Test
  void nodesWithoutTheirPartsAreRefused() {
    for (String operator : List.of("Constant", "Cast")) {
      byte[] onnx =
          TinyGraph.ofBatch(open())
              .node(operator, "bare", List.of())
              .flatOutput("out", open())
              .bytes();
      assertRefused(onnx, operator + " 'bare' has not");
    }
  }

  /** A shape is read, computed with and cast as ever; a cast to float32 leads to float16. */
  @Test
  void castsOfTheModelAreKept() throws Exception {
    byte[] original =
        TinyGraph.ofBatch(open())
            .node("Shape", "shape", List.of("features"))
            .node("Cast", "sides", List.of("shape"), Tensors.integer("to", Tensors.FLOAT))
            .constant(Tensors.longs("two", List.of(2L)))
            .node("Gather", "height", List.of("sides", "two"), Tensors.integer("axis", 0))
            .node("Div", "shrunk", List.of("features", "height"))
            .node("Flatten", "out", List.of("shrunk"))
            .output("out", open(), dimension(DIMENSION))
            .bytes();

    float[] expected =
        run(GraphRewriter.of(original).imageInput(ColourOrder.RGB, UNIT).toByteArray());
    byte[] half =
        GraphRewriter.of(original, Precision.FP16).imageInput(ColourOrder.RGB, UNIT).toByteArray();
    assertThat(run(half)).containsExactly(expected, within(5e-3f));
  }

  /** Lengths of the data are the file's to say, and not to be believed. */
  @Test
  void weightsOfAnotherSizeThanTheirDimensionsAreRefused() {
    TinyGraph tiny = TinyGraph.ofBatch(open());
    TensorProto weights = tiny.graph.getInitializer(0);
    tiny.graph.setInitializer(0, weights.toBuilder().setDims(0, 1L << 40));

    assertRefused(tiny.flatOutput("out", open()).bytes(), "another size than its dimensions");
  }

  private static void assertRefused(byte[] onnx, String... words) {
    assertThatThrownBy(() -> GraphRewriter.of(onnx, Precision.FP16))
        .isInstanceOf(GraphException.class)
        .hasMessageContainingAll(words);
  }

  private static float[] run(byte[] served) throws Exception {
    return Objects.requireNonNull(
        PlainRun.onPixels(served, TinyGraph.pixels(2), 2, SIDE, SIDE, 3).get("out"));
  }

  private static List<String> operators(byte[] onnx) throws Exception {
    return ModelProto.parseFrom(onnx).getGraph().getNodeList().stream()
        .map(NodeProto::getOpType)
        .toList();
  }
}
