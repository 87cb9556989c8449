package dev.facet.models.graph;

import static dev.facet.models.graph.TinyGraph.DIMENSION;
import static dev.facet.models.graph.TinyGraph.dimension;
import static dev.facet.models.graph.TinyGraph.open;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import dev.facet.models.graph.onnx.ModelProto;
import dev.facet.models.graph.onnx.TensorProto;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileFileTest {

  private static final byte[] GOOD =
      TinyGraph.ofBatch(dimension(1))
          .constant(Tensors.longs("shape", List.of(1L, -1L)))
          .node("Reshape", "out", List.of("features", "shape"))
          .output("out", dimension(1), dimension(DIMENSION))
          .bytes();

  @ParameterizedTest
  @ValueSource(strings = {"", "\0", "garbage", "<html>404</html>", "\n\n\n\n"})
  void textIsRefused(String text) {
    assertThatThrownBy(() -> rewrite(text.getBytes(UTF_8)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("not an ONNX file");
  }

  @Test
  void everyTruncationIsRefused() {
    for (int length = 0; length < GOOD.length; length++) {
      byte[] cut = Arrays.copyOf(GOOD, length);
      assertThatThrownBy(() -> rewrite(cut))
          .as("%d bytes", length)
          .isInstanceOf(GraphException.class);
    }
  }

  @Test
  void flippedBitsAreRefusedOrRewrittenButNothingElseHappens() {
    Random random = new Random(20261122);
    for (int i = 0; i < 5_000; i++) {
      byte[] flipped = GOOD.clone();
      for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        rewrite(flipped);
      } catch (GraphException refused) {
        assertThat(refused).hasMessageNotContainingAny("Exception");
      }
    }
  }

  @Test
  void millionsOfEmptyNodesAreRefusedBeforeTheyTakeMemory() throws Exception {
    byte[] nodes = new byte[40_000_000];
    for (int i = 0; i < nodes.length; i += 2) {
      // Field 1 of GraphProto, length 0.
      nodes[i] = 0x0a;
    }

    assertThatThrownBy(() -> rewrite(model(nodes)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("elements");
  }

  @Test
  void millionsOfPackedNumbersAreRefused() throws Exception {
    byte[] packed = new byte[10_000_000];
    ByteArrayOutputStream tensor = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(tensor);
    out.writeByteArray(7, packed);
    out.flush();
    ByteArrayOutputStream graph = new ByteArrayOutputStream();
    out = CodedOutputStream.newInstance(graph);
    out.writeByteArray(5, tensor.toByteArray());
    out.flush();

    assertThatThrownBy(() -> rewrite(model(graph.toByteArray())))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("elements");
  }

  @Test
  void bottomlessNestingIsRefused() throws Exception {
    byte[] inner = new byte[0];
    for (int depth = 0; depth < 2_000; depth++) {
      // node { attribute { g: ... } }
      for (int field : new int[] {6, 5, 1}) {
        ByteArrayOutputStream outer = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(outer);
        out.writeByteArray(field, inner);
        out.flush();
        inner = outer.toByteArray();
      }
    }
    byte[] nested = inner;

    assertThatThrownBy(() -> rewrite(model(nested)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("nested");
  }

  @Test
  void weightsInAnotherFileAreRefused() {
    TinyGraph tiny = TinyGraph.ofBatch(open()).flatOutput("out", open());
    tiny.graph.setInitializer(0, tiny.graph.getInitializer(0).toBuilder().setDataLocation(1));

    assertThatThrownBy(() -> rewrite(tiny.bytes())).hasMessageContaining("second file");
  }

  @Test
  void anotherInputThanFloatPixelsIsRefused() {
    TinyGraph grey = TinyGraph.ofBatch(open()).flatOutput("out", open());
    grey.graph.setInput(
        0, TinyGraph.floats("picture", open(), dimension(1), dimension(4), dimension(4)));
    TinyGraph bytes = TinyGraph.ofBatch(open()).flatOutput("out", open());
    bytes.graph.setInput(
        0, Values.tensor("picture", Tensors.UINT8, Values.dimensions(bytes.graph.getInput(0))));
    TinyGraph two = TinyGraph.ofBatch(open()).flatOutput("out", open());
    two.graph.addInput(TinyGraph.floats("more", open()));

    assertThatThrownBy(() -> rewrite(grey.bytes()))
        .hasMessageContaining("[batch, 3, height, width]");
    assertThatThrownBy(() -> rewrite(bytes.bytes())).hasMessageContaining("must be float32");
    assertThatThrownBy(() -> rewrite(two.bytes()))
        .hasMessageContaining("one input expected, found 2");
  }

  @Test
  void anotherOutputThanOneVectorIsRefused() {
    TinyGraph tiny = TinyGraph.ofBatch(open()).flatOutput("out", open());
    byte[] one = tiny.bytes();
    byte[] two = tiny.output("features", open(), dimension(4), dimension(2), dimension(2)).bytes();

    assertThatThrownBy(() -> GraphRewriter.of(one).unitEmbedding(17))
        .hasMessageContaining("has dimension 16, not 17");
    assertThatThrownBy(() -> GraphRewriter.of(two).unitEmbedding(16))
        .hasMessageContaining("one output, this graph 2");
  }

  @Test
  void operatorSetThatIsTooOldIsRefused() {
    byte[] old = new TinyGraph(7, open()).flatOutput("out", open()).bytes();

    assertThatThrownBy(() -> rewrite(old)).hasMessageContaining("operator set 7 is too old");
  }

  @Test
  void weightsThatDoNotFillTheirDimensionsAreRefused() {
    TinyGraph tiny = TinyGraph.ofBatch(open()).flatOutput("out", open());
    TensorProto weights = tiny.graph.getInitializer(0);
    tiny.graph.setInitializer(0, weights.toBuilder().clearFloatData().addFloatData(1));

    assertThatThrownBy(() -> rewrite(tiny.bytes())).hasMessageContaining("another size");
  }

  private static byte[] rewrite(byte[] file) {
    return GraphRewriter.of(file)
        .imageInput(ColourOrder.BGR, PixelScale.NONE)
        .unitEmbedding(DIMENSION)
        .toByteArray();
  }

  private static byte[] model(byte[] graph) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(graph.length + 16);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeByteArray(ModelProto.GRAPH_FIELD_NUMBER, graph);
    out.flush();
    return bytes.toByteArray();
  }
}
