package dev.facet.models.graph;

import static dev.facet.models.graph.TinyGraph.DIMENSION;
import static dev.facet.models.graph.TinyGraph.SIDE;
import static dev.facet.models.graph.TinyGraph.dimension;
import static dev.facet.models.graph.TinyGraph.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.models.Shared;
import dev.facet.models.graph.onnx.ModelProto;
import dev.facet.models.graph.onnx.NodeProto;
import java.nio.file.Files;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GraphOutlineTest {

  @Test
  void declaredSizesAreTold() {
    GraphOutline outline =
        GraphOutline.of(TinyGraph.ofBatch(open()).flatOutput("out", open()).bytes());

    assertThat(outline.height()).hasValue(SIDE);
    assertThat(outline.width()).hasValue(SIDE);
    assertThat(outline.dimension()).hasValue(DIMENSION);
    assertThat(outline.normalises()).isFalse();
  }

  @Test
  void openSizesAreNotTold() {
    TinyGraph tiny = TinyGraph.ofBatch(open()).flatOutput("unused", open());
    tiny.graph.setInput(0, TinyGraph.floats("picture", open(), dimension(3), open(), open()));
    tiny.graph.setOutput(0, TinyGraph.floats("unused", open(), open()));

    assertThat(GraphOutline.of(tiny.bytes()))
        .isEqualTo(
            new GraphOutline(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), false));
  }

  @Test
  void outputOfSeveralDimensionsHasTheirProduct() {
    byte[] onnx =
        TinyGraph.ofBatch(open())
            .output("features", open(), dimension(4), dimension(2), dimension(2))
            .bytes();

    assertThat(GraphOutline.of(onnx).dimension()).hasValue(DIMENSION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sub", "Mul", "Div", "Add"})
  void arithmeticBeforeTheFirstLayerIsNormalisation(String operator) {
    TinyGraph tiny =
        TinyGraph.ofBatch(open())
            .constant(Tensors.floats("constant", List.of(127.5)))
            .flatOutput("out", open());
    NodeProto conv = tiny.graph.getNode(0);
    tiny.graph.setNode(0, conv.toBuilder().setInput(0, "normal"));
    tiny.graph.addNode(0, OnnxGraph.node("Identity", List.of("picture"), "same"));
    tiny.graph.addNode(1, OnnxGraph.node(operator, List.of("same", "constant"), "normal"));

    assertThat(GraphOutline.of(tiny.bytes()).normalises()).isTrue();
  }

  @Test
  void whatIsNoEmbedderIsRefused() {
    byte[] two =
        TinyGraph.ofBatch(open())
            .flatOutput("out", open())
            .output("features", open(), dimension(4), dimension(2), dimension(2))
            .bytes();
    TinyGraph huge = TinyGraph.ofBatch(open());
    byte[] large =
        huge.output("features", open(), dimension(1L << 31), dimension(1L << 31)).bytes();
    ModelProto.Builder vector = TinyGraph.ofBatch(open()).flatOutput("out", open()).model();
    vector.getGraphBuilder().setInput(0, TinyGraph.floats("picture", open(), dimension(3)));

    assertRefused(two, "one output, this graph 2");
    assertRefused(large, "too large");
    assertRefused(vector.build().toByteArray(), "[batch, 3, height, width]");
    assertRefused(new byte[] {1, 2, 3}, "not an ONNX file");
  }

  @Test
  void publishedEmbedderNormalisesOutside() throws Exception {
    byte[] onnx = Files.readAllBytes(Shared.models().resolve("mobilefacenet_foamliu.onnx"));

    assertThat(GraphOutline.of(onnx))
        .isEqualTo(
            new GraphOutline(OptionalInt.of(112), OptionalInt.of(112), OptionalInt.of(128), false));
  }

  private static void assertRefused(byte[] onnx, String words) {
    assertThatThrownBy(() -> GraphOutline.of(onnx))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining(words);
  }
}
