package dev.facet.models.graph;

import static dev.facet.models.graph.TinyGraph.DIMENSION;
import static dev.facet.models.graph.TinyGraph.SIDE;
import static dev.facet.models.graph.TinyGraph.dimension;
import static dev.facet.models.graph.TinyGraph.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.facet.models.graph.onnx.AttributeProto;
import dev.facet.models.graph.onnx.GraphProto;
import dev.facet.models.graph.onnx.ModelProto;
import dev.facet.models.graph.onnx.NodeProto;
import dev.facet.models.graph.onnx.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphRewriterTest {

  private static final int BOOL = 9;
  private static final int GRAPH_ATTRIBUTE = 5;

  private static final PixelScale UNEQUAL =
      new PixelScale(List.of(10.0, 20.0, 30.0), List.of(50.0, 60.0, 70.0));

  @ParameterizedTest
  @EnumSource(ColourOrder.class)
  void pixelsGiveWhatTheModelGivesOnItsOwnNumbers(ColourOrder order) throws Exception {
    byte[] original = TinyGraph.ofBatch(open()).flatOutput("out", open()).bytes();

    byte[] served = GraphRewriter.of(original).imageInput(order, UNEQUAL).toByteArray();

    assertSameOutput(original, served, 3, order, UNEQUAL);
  }

  @Test
  void swappedColoursCostNoNode() throws Exception {
    byte[] original = TinyGraph.ofBatch(open()).flatOutput("out", open()).bytes();

    byte[] rgb = served(original, ColourOrder.RGB);
    byte[] bgr = served(original, ColourOrder.BGR);

    assertThat(operators(bgr)).isEqualTo(operators(rgb)).doesNotContain("Gather");
    assertThat(ModelProto.parseFrom(bgr).getGraph().getInitializerCount()).isEqualTo(1);
  }

  @Test
  void weightsAsRawBytesAreSwappedToo() throws Exception {
    TinyGraph tiny = TinyGraph.ofBatch(open()).flatOutput("out", open());
    TensorProto weights = tiny.graph.getInitializer(0);
    ByteBuffer raw =
        ByteBuffer.allocate(4 * weights.getFloatDataCount()).order(ByteOrder.LITTLE_ENDIAN);
    weights.getFloatDataList().forEach(raw::putFloat);
    tiny.graph.setInitializer(
        0, weights.toBuilder().clearFloatData().setRawData(ByteString.copyFrom(raw.flip())));

    assertSameOutput(
        tiny.bytes(), served(tiny.bytes(), ColourOrder.BGR), 2, ColourOrder.BGR, PixelScale.NONE);
  }

  @Test
  void inputThatGoesElsewhereIsReorderedByGather() throws Exception {
    byte[] original =
        TinyGraph.ofBatch(open())
            .node("Relu", "seen_again", List.of("picture"))
            .flatOutput("out", open())
            .bytes();

    byte[] served = GraphRewriter.of(original).imageInput(ColourOrder.BGR, UNEQUAL).toByteArray();

    assertThat(operators(served)).contains("Gather");
    assertSameOutput(original, served, 2, ColourOrder.BGR, UNEQUAL);
  }

  @Test
  void weightsThatAnotherNodeReadsStayAsTheyAre() throws Exception {
    byte[] original =
        TinyGraph.ofBatch(open())
            .node("Relu", "other", List.of("weights"))
            .flatOutput("out", open())
            .output("other", dimension(4), dimension(3), dimension(2), dimension(2))
            .bytes();

    assertSameOutput(
        original, served(original, ColourOrder.BGR), 1, ColourOrder.BGR, PixelScale.NONE);
  }

  @Test
  void scaleThatChangesNothingCostsNoNode() throws Exception {
    byte[] original = TinyGraph.ofBatch(open()).flatOutput("out", open()).bytes();

    assertThat(operators(served(original, ColourOrder.RGB)))
        .containsExactly("Transpose", "Cast", "Conv", "Flatten");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fixedBatchIsFreed(boolean allowZero) throws Exception {
    byte[] original =
        TinyGraph.ofBatch(dimension(1))
            .constant(Tensors.longs("shape", List.of(1L, -1L)))
            .node(
                "Reshape",
                "out",
                List.of("features", "shape"),
                Tensors.integer("allowzero", allowZero ? 1 : 0))
            .output("out", dimension(1), dimension(DIMENSION))
            .bytes();

    byte[] served = GraphRewriter.of(original).imageInput(ColourOrder.RGB, UNEQUAL).toByteArray();

    float[] batch = run(served, TinyGraph.pixels(5), 5);
    assertThat(batch).hasSize(5 * DIMENSION);
    float[] alone = run(served, TinyGraph.pixels(1), 1);
    assertThat(batch).startsWith(alone);
  }

  @ParameterizedTest
  @ValueSource(strings = {"features", "turned", "out_of_order"})
  void batchIsCarriedOnWithoutArithmetic(String measured) throws Exception {
    byte[] original = reshapedByArithmetic(measured);

    byte[] served = GraphRewriter.of(original).toByteArray();

    if (measured.equals("out_of_order")) { // its first length is no batch
      assertThat(operators(served)).contains("Shape", "Gather", "Unsqueeze", "Concat");
    } else {
      assertThat(operators(served)).doesNotContain("Shape", "Gather", "Unsqueeze", "Concat");
      float[] numbers = TinyGraph.numbers(TinyGraph.pixels(3), ColourOrder.RGB, PixelScale.NONE);
      assertThat(PlainRun.onFloats(served, numbers, 3, 3, SIDE, SIDE).get("out"))
          .isEqualTo(PlainRun.onFloats(original, numbers, 3, 3, SIDE, SIDE).get("out"));
    }
  }

  /** Features with their channels last as [N, -1, 4], N being the first length of a value. */
  private static byte[] reshapedByArithmetic(String measured) {
    return TinyGraph.ofBatch(open())
        .constant(Tensors.longs("first", List.of(0L)).toBuilder().clearDims().build())
        .constant(Tensors.longs("front", List.of(0L)))
        .constant(Tensors.longs("rest", List.of(-1L, 4L)))
        .node("Transpose", "turned", List.of("features"), Tensors.integers("perm", 0, 2, 3, 1))
        .node("Transpose", "out_of_order", List.of("turned"), Tensors.integers("perm", 3, 1, 2, 0))
        .node("Shape", "lengths", List.of(measured))
        .node("Gather", "length", List.of("lengths", "first"))
        .node("Unsqueeze", "lengths_1d", List.of("length", "front"))
        .node("Concat", "shape", List.of("lengths_1d", "rest"), Tensors.integer("axis", 0))
        .node("Reshape", "out", List.of("turned", "shape"))
        .output("out", open(), dimension(4), dimension(4))
        .bytes();
  }

  @Test
  void reshapeOfConstantsKeepsItsShape() throws Exception {
    byte[] original =
        TinyGraph.ofBatch(dimension(1))
            .constant(Tensors.floats("offsets", List.of(1.0, 2.0, 3.0, 4.0), 4))
            .constant(Tensors.longs("shape", List.of(1L, 4L, 1L, 1L)))
            .node("Reshape", "offsets_4d", List.of("offsets", "shape"))
            .node("Add", "moved", List.of("features", "offsets_4d"))
            .node("Flatten", "out", List.of("moved"))
            .output("out", dimension(1), dimension(DIMENSION))
            .bytes();

    assertThat(run(served(original, ColourOrder.RGB), TinyGraph.pixels(3), 3))
        .hasSize(3 * DIMENSION);
  }

  @ParameterizedTest
  @ValueSource(longs = {8, 11, 13, 17, 18, 20})
  void embeddingHasUnitLengthInEveryOperatorSet(long opset) throws Exception {
    byte[] original = new TinyGraph(opset, open()).flatOutput("out", open()).bytes();

    byte[] served =
        GraphRewriter.of(original)
            .imageInput(ColourOrder.RGB, UNEQUAL)
            .unitEmbedding(DIMENSION)
            .toByteArray();

    float[] vectors = run(served, TinyGraph.pixels(4), 4);
    for (int i = 0; i < 4; i++) {
      double squared = 0;
      for (int j = 0; j < DIMENSION; j++) {
        squared += vectors[i * DIMENSION + j] * vectors[i * DIMENSION + j];
      }
      assertThat(squared).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void vectorOfZerosStaysZeroInsteadOfBecomingNaN() throws Exception {
    byte[] original = TinyGraph.ofBatch(open()).flatOutput("out", open()).bytes();
    byte[] served =
        GraphRewriter.of(original)
            .imageInput(ColourOrder.RGB, PixelScale.NONE)
            .unitEmbedding(DIMENSION)
            .toByteArray();

    assertThat(run(served, new byte[SIDE * SIDE * 3], 1)).containsOnly(0);
  }

  @Test
  void outputWithMoreDimensionsIsFlattened() throws Exception {
    byte[] original =
        TinyGraph.ofBatch(open())
            .output("features", open(), dimension(4), dimension(2), dimension(2))
            .bytes();
    byte[] served =
        GraphRewriter.of(original)
            .imageInput(ColourOrder.RGB, UNEQUAL)
            .unitEmbedding(DIMENSION)
            .toByteArray();

    assertThat(run(served, TinyGraph.pixels(2), 2)).hasSize(2 * DIMENSION);
  }

  @Test
  void namesThatTheServedFormNeedsAreMadeFreeEverywhere() throws Exception {
    TinyGraph tiny = TinyGraph.ofBatch(open());
    tiny.graph.setInput(0, tiny.graph.getInput(0).toBuilder().setName("image"));
    tiny.graph.setNode(0, tiny.graph.getNode(0).toBuilder().setInput(0, "image"));
    byte[] original =
        tiny.constant(
                TensorProto.newBuilder()
                    .setName("always")
                    .setDataType(BOOL)
                    .setRawData(ByteString.copyFrom(new byte[] {1}))
                    .build())
            .node(
                NodeProto.newBuilder()
                    .setOpType("If")
                    .setName("embedding")
                    .addInput("always")
                    .addOutput("embedding")
                    .addAttribute(branch("then_branch", "Flatten", "image", "then_out"))
                    .addAttribute(branch("else_branch", "Flatten", "features", "else_out"))
                    .build())
            .output("embedding", open(), dimension(SIDE * SIDE * 3))
            .bytes();

    byte[] served =
        GraphRewriter.of(original)
            .imageInput(ColourOrder.BGR, PixelScale.NONE)
            .unitEmbedding(SIDE * SIDE * 3)
            .toByteArray();

    byte[] pixels = TinyGraph.pixels(1);
    float[] expected = TinyGraph.numbers(pixels, ColourOrder.BGR, PixelScale.NONE);
    float[] actual = run(served, pixels, 1);
    float length = expected[0] / actual[0];
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i] * length).isCloseTo(expected[i], within(1e-2f));
    }
  }

  @Test
  void initializersListedAsInputsAreNotInputs() throws Exception {
    TinyGraph tiny = TinyGraph.ofBatch(open()).flatOutput("out", open());
    tiny.graph.addInput(
        TinyGraph.floats("weights", dimension(4), dimension(3), dimension(2), dimension(2)));
    byte[] original = tiny.model().setIrVersion(3).build().toByteArray();

    byte[] served = served(original, ColourOrder.BGR);

    ModelProto model = ModelProto.parseFrom(served);
    assertThat(model.getGraph().getInputList())
        .extracting(v -> v.getName())
        .containsExactly("image");
    assertThat(run(served, TinyGraph.pixels(1), 1)).hasSize(DIMENSION);
  }

  @Test
  void whatIsNotUnderstoodIsKept() throws Exception {
    UnknownFieldSet metadata =
        UnknownFieldSet.newBuilder()
            .addField(
                14,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFromUtf8("metadata"))
                    .build())
            .build();
    TinyGraph tiny = TinyGraph.ofBatch(open()).flatOutput("out", open());
    tiny.graph.setNode(0, tiny.graph.getNode(0).toBuilder().setUnknownFields(metadata).build());
    byte[] original = tiny.model().setUnknownFields(metadata).build().toByteArray();

    ModelProto served = ModelProto.parseFrom(served(original, ColourOrder.BGR));

    assertThat(served.getUnknownFields()).isEqualTo(metadata);
    assertThat(served.getGraph().getNodeList())
        .filteredOn(node -> node.getOpType().equals("Conv"))
        .singleElement()
        .satisfies(conv -> assertThat(conv.getUnknownFields()).isEqualTo(metadata));
  }

  @Test
  void equalFilesAreRewrittenToEqualBytes() {
    byte[] original = TinyGraph.ofBatch(open()).flatOutput("out", open()).bytes();

    assertThat(served(original, ColourOrder.BGR)).isEqualTo(served(original, ColourOrder.BGR));
  }

  private static AttributeProto branch(String name, String operator, String reads, String output) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(GRAPH_ATTRIBUTE)
        .setG(
            GraphProto.newBuilder()
                .setName(name)
                .addNode(OnnxGraph.node(operator, List.of(reads), output))
                .addOutput(TinyGraph.floats(output, open(), open())))
        .build();
  }

  private static byte[] served(byte[] original, ColourOrder order) {
    return GraphRewriter.of(original).imageInput(order, PixelScale.NONE).toByteArray();
  }

  private static List<String> operators(byte[] onnx) throws Exception {
    return ModelProto.parseFrom(onnx).getGraph().getNodeList().stream()
        .map(NodeProto::getOpType)
        .toList();
  }

  private static float[] run(byte[] served, byte[] pixels, int batch) throws Exception {
    return PlainRun.onPixels(served, pixels, batch, SIDE, SIDE, 3).values().iterator().next();
  }

  private static void assertSameOutput(
      byte[] original, byte[] served, int batch, ColourOrder order, PixelScale scale)
      throws Exception {
    byte[] pixels = TinyGraph.pixels(batch);
    Map<String, float[]> expected =
        PlainRun.onFloats(original, TinyGraph.numbers(pixels, order, scale), batch, 3, SIDE, SIDE);
    Map<String, float[]> actual = PlainRun.onPixels(served, pixels, batch, SIDE, SIDE, 3);

    assertThat(actual).containsOnlyKeys(expected.keySet());
    expected.forEach(
        (name, values) ->
            assertThat(Objects.requireNonNull(actual.get(name)))
                .containsExactly(values, within(1e-3f)));
  }
}
