package dev.facet.models.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class QuantizedWeightsTest {

  @Test
  void eachOutputHasTheScaleOfItsLargestWeight() {
    QuantizedWeights rounded = of(0, new float[] {1.27f, -0.64f, 0, 0.002f, -0.254f, 0.001f});

    assertThat(rounded.scales()).containsExactly(new float[] {0.01f, 0.002f}, within(1e-8f));
    assertThat(rounded.weights()).containsExactly(127, -64, 0, 1, -127, 1);
    assertThat(rounded.biases()).containsExactly(50, -2000);
  }

  /** The same numbers, the outputs side by side. */
  @Test
  void outputsMayBeTheLastAxis() {
    QuantizedWeights rounded =
        QuantizedWeights.of(
            Tensors.raw("w", new float[] {1.27f, 0.002f, -0.64f, -0.254f, 0, 0.001f}, 3, 2),
            new float[] {0.5f, -4},
            1,
            1);

    assertThat(rounded.scales()).containsExactly(new float[] {0.01f, 0.002f}, within(1e-8f));
    assertThat(rounded.weights()).containsExactly(127, 1, -64, -127, 0, 1);
    assertThat(rounded.biases()).containsExactly(50, -2000);
  }

  /** 1e6 in steps of 1e-5 / 127 would need 44 bits. */
  @Test
  void scaleGrowsWhereTheBiasWouldLeaveItsBits() {
    QuantizedWeights rounded =
        QuantizedWeights.of(
            Tensors.raw("w", new float[] {1e-5f, 1}, 2, 1), new float[] {1e6f, 1}, 0, 1);

    assertThat((double) rounded.biases()[0] * rounded.scales()[0]).isCloseTo(1e6, within(1.0));
    assertThat(rounded.weights()).containsExactly(0, 127);
  }

  @Test
  void filterOfZerosKeepsItsBias() {
    QuantizedWeights rounded =
        QuantizedWeights.of(Tensors.raw("w", new float[4], 2, 2), new float[] {0.25f, 0}, 0, 0.1f);

    assertThat(rounded.weights()).containsOnly(0);
    assertThat(rounded.biases()[0] * 0.1 * rounded.scales()[0]).isCloseTo(0.25, within(1e-6));
    assertThat(rounded.scales()[1]).isEqualTo(1);
  }

  @Test
  void layerWithoutBiasHasNone() {
    assertThat(
            QuantizedWeights.of(Tensors.raw("w", new float[] {1}, 1, 1), new float[0], 0, 1)
                .biases())
        .isEmpty();
    assertThat(QuantizedWeights.axis(OnnxGraph.node("MatMul", List.of("a", "b"), "c")))
        .isEqualTo(1);
    assertThat(
            QuantizedWeights.axis(
                OnnxGraph.node("Gemm", List.of("a", "b"), "c", Tensors.integer("transB", 1))))
        .isZero();
  }

  private static QuantizedWeights of(int axis, float[] weights) {
    return QuantizedWeights.of(Tensors.raw("w", weights, 2, 3), new float[] {0.5f, -4}, axis, 1);
  }
}
