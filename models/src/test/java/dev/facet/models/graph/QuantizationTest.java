package dev.facet.models.graph;

import static dev.facet.models.graph.TinyGraph.dimension;
import static dev.facet.models.graph.TinyGraph.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.facet.models.graph.onnx.ModelProto;
import dev.facet.models.graph.onnx.NodeProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Small networks whose numbers in eight bits were worked out by hand. */
class QuantizationTest {

  private static final float[] PIXEL = {10, 20, 3};

  /** Pixels by two filters, bent, pooled and led through a dense layer of one output. */
  private static GraphWriter network() {
    GraphWriter graph = new GraphWriter("tiny");
    graph.input("x", "N", "3", "1", "1");
    graph.floats("w", new float[] {1.27f, 0, -1.27f, 0, -1.27f, 0}, 2, 3, 1, 1);
    graph.floats("b", new float[] {0.5f, 0}, 2);
    graph.node("Conv", "conv", List.of("x", "w", "b"));
    graph.node("Relu", "relu", List.of("conv"));
    graph.node("MaxPool", "pool", List.of("relu"), Attribute.integers("kernel_shape", 1, 1));
    graph.node("Flatten", "flat", List.of("pool"));
    graph.floats("v", new float[] {1.27f, 0.64f}, 1, 2);
    graph.floats("c", new float[] {2}, 1);
    graph.node("Gemm", "out", List.of("flat", "v", "c"), Attribute.integer("transB", 1));
    graph.output("out", "N", "1");
    return graph;
  }

  private static Map<String, ActivationRange> ranges() {
    ActivationRange bent = new ActivationRange(0, 25.5f);
    return new HashMap<>(
        Map.of("x", new ActivationRange(0, 255), "relu", bent, "pool", bent, "flat", bent));
  }

  @Test
  void numbersAreThoseWorkedOutByHand() throws Exception {
    Quantization quantization = Quantization.of(network().toByteArray());

    assertThat(quantization.layers()).containsExactly("conv", "out");
    assertThat(quantization.activations()).containsExactly("x", "relu", "pool", "flat");
    byte[] moved = quantization.quantized(ranges(), Set.of());

    // The ReLU is the lower end of a range.
    assertThat(operators(moved))
        .filteredOn(operator -> !operator.endsWith("uantizeLinear"))
        .containsExactly("Conv", "MaxPool", "Flatten", "Gemm");
    // 1.27 × (10 − 3) + 0.5 = 9.39 is 94 steps of 0.1; −25.4 is 0; 9.4 × 1.27 + 2 is the answer.
    assertThat(run(moved, PIXEL)).containsExactly(new float[] {13.938f}, within(1e-4f));
    assertThat(run(network().toByteArray(), PIXEL))
        .containsExactly(new float[] {13.9253f}, within(1e-4f));
    // What is beyond the range is its end: 25.5 × 1.27 + 2.
    assertThat(run(moved, new float[] {200, 0, 0}))
        .containsExactly(new float[] {34.385f}, within(1e-4f));
  }

  @Test
  void weightsAreBytesAndTheOldOnesGone() throws Exception {
    byte[] moved = Quantization.of(network().toByteArray()).quantized(ranges(), Set.of());

    Map<String, Integer> types = new HashMap<>();
    ModelProto.parseFrom(moved)
        .getGraph()
        .getInitializerList()
        .forEach(tensor -> types.put(tensor.getName(), tensor.getDataType()));
    assertThat(types)
        .containsEntry("w/int8", Tensors.INT8)
        .containsEntry("b/int32", Tensors.INT32)
        .containsEntry("facet/zero", Tensors.UINT8)
        .doesNotContainKeys("w", "b", "v", "c");
  }

  @Test
  void keptLayersAreAsTheyWere() throws Exception {
    Quantization quantization = Quantization.of(network().toByteArray());

    byte[] moved = quantization.quantized(ranges(), Set.of("conv"));

    // The ReLU and the pool are float32 with the convolution: 9.39 is 93.9 steps, hence 9.4.
    assertThat(operators(moved)).containsSubsequence("Conv", "Relu", "MaxPool", "Flatten", "Gemm");
    assertThat(operators(moved).indexOf("QuantizeLinear"))
        .isGreaterThan(operators(moved).indexOf("Flatten"));
    assertThat(run(moved, PIXEL)).containsExactly(new float[] {13.938f}, within(1e-4f));
    assertThatThrownBy(() -> quantization.quantized(ranges(), Set.of("none")))
        .hasMessageContaining("no layer [none]");
    assertThatThrownBy(() -> quantization.quantized(ranges(), Set.of("conv", "out")))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("no layer that can be moved");
  }

  /** What is put together has one scale, whose range then no longer ends where the ReLU does. */
  @Test
  void reluStaysWhereItsRangeIsSharedWithNegativeNumbers() throws Exception {
    GraphWriter graph = new GraphWriter("joined");
    graph.input("x", "N", "3", "1", "1");
    graph.floats("w", new float[] {0, -1.27f, 0}, 1, 3, 1, 1);
    graph.node("Conv", "bent", List.of("x", "w"));
    graph.node("Relu", "relu", List.of("bent"));
    graph.node("Conv", "straight", List.of("x", "w"));
    graph.node("Concat", "both", List.of("relu", "straight"), Attribute.integer("axis", 1));
    graph.node("Flatten", "flat", List.of("both"));
    graph.floats("v", new float[] {1, 1}, 2, 1);
    graph.node("MatMul", "out", List.of("flat", "v"));
    graph.output("out", "N", "1");
    ActivationRange signed = new ActivationRange(-127.5f, 127.5f);
    Map<String, ActivationRange> ranges =
        Map.of(
            "x", new ActivationRange(0, 255),
            "relu", new ActivationRange(0, 60),
            "straight", signed,
            "both", signed,
            "flat", signed);

    byte[] moved = Quantization.of(graph.toByteArray()).quantized(ranges, Set.of());

    assertThat(operators(moved)).contains("Relu");
    // −25.4 bent is 0, and straight 25 steps of 1 below the zero point.
    assertThat(run(moved, PIXEL)).containsExactly(new float[] {-25}, within(0.51f));
  }

  /** Clip at 6, as in MobileNets; one that begins above 0 is no end of a range. */
  @Test
  void clipIsTheEndOfARangeOnlyFromZero() throws Exception {
    assertThat(operators(clipped(0, 6))).doesNotContain("Clip");
    assertThat(run(clipped(0, 6), PIXEL)).containsExactly(new float[] {6}, within(1e-4f));
    assertThat(operators(clipped(-1, 6))).contains("Clip");
  }

  private static byte[] clipped(float least, float greatest) {
    GraphWriter graph = new GraphWriter("clipped");
    graph.input("x", "N", "3", "1", "1");
    graph.floats("w", new float[] {1.27f, 0, 0}, 1, 3, 1, 1);
    graph.floats("least", new float[] {least});
    graph.floats("greatest", new float[] {greatest});
    graph.node("Conv", "conv", List.of("x", "w"));
    graph.node("Clip", "clip", List.of("conv", "least", "greatest"));
    graph.node("Flatten", "flat", List.of("clip"));
    graph.floats("v", new float[] {1}, 1, 1);
    graph.node("MatMul", "out", List.of("flat", "v"));
    graph.output("out", "N", "1");
    ActivationRange range = new ActivationRange(Math.min(0, least), greatest);
    Map<String, ActivationRange> ranges =
        Map.of("x", new ActivationRange(0, 255), "conv", range, "clip", range, "flat", range);
    return Quantization.of(graph.toByteArray()).quantized(ranges, Set.of());
  }

  @Test
  void observedGraphGivesTheActivationsInOrder() throws Exception {
    Quantization quantization = Quantization.of(network().toByteArray());

    Map<String, float[]> seen = PlainRun.onFloats(quantization.observed(), PIXEL, 1, 3, 1, 1);

    assertThat(seen.keySet()).containsExactly("x/seen", "relu", "pool", "flat");
    assertThat(seen.get("x/seen")).containsExactly(PIXEL);
    assertThat(seen.get("relu")).containsExactly(new float[] {9.39f, 0}, within(1e-5f));
  }

  @Test
  void whatCannotBeMovedIsRefused() {
    byte[] old = new TinyGraph(12, open()).flatOutput("out", open()).bytes();
    assertThatThrownBy(() -> Quantization.of(old))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("operator set 12 is too old for eight bits");
    Quantization quantization = Quantization.of(network().toByteArray());
    Map<String, ActivationRange> ranges = ranges();
    ranges.remove("pool");
    assertThatThrownBy(() -> quantization.quantized(ranges, Set.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'pool'");
  }

  /** A convolution that gives the answer cannot give float32 but as a whole. */
  @Test
  void lastConvolutionStaysFloat() {
    byte[] only =
        TinyGraph.ofBatch(open())
            .node("Flatten", "out", List.of("features"))
            .output("out", open(), dimension(TinyGraph.DIMENSION))
            .bytes();

    assertThat(Quantization.of(only).layers()).isEmpty();
  }

  private static List<String> operators(byte[] onnx) throws Exception {
    return ModelProto.parseFrom(onnx).getGraph().getNodeList().stream()
        .map(NodeProto::getOpType)
        .toList();
  }

  private static float[] run(byte[] onnx, float[] pixel) throws Exception {
    return Objects.requireNonNull(PlainRun.onFloats(onnx, pixel, 1, 3, 1, 1).get("out"));
  }
}
