package dev.facet.models.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ActivationHistogramTest {

  @Test
  void rangeHoldsZeroWhichIsOneOfTheSteps() {
    assertThat(ActivationRange.around(3, 12.75f)).isEqualTo(new ActivationRange(0, 12.75f));
    assertThat(new ActivationRange(0, 12.75f).scale()).isEqualTo(0.05f);
    assertThat(new ActivationRange(0, 12.75f).zeroPoint()).isZero();
    assertThat(new ActivationRange(-51, 204).scale()).isEqualTo(1);
    assertThat(new ActivationRange(-51, 204).zeroPoint()).isEqualTo(51);
    assertThat(new ActivationRange(-2, 0).zeroPoint()).isEqualTo(255);
  }

  @Test
  void activationThatIsAlwaysZeroHasAScale() {
    ActivationHistogram histogram = histogram(new float[8]);

    assertThat(histogram.whole()).isEqualTo(new ActivationRange(0, 0));
    assertThat(histogram.ofLeastError().scale()).isEqualTo(1);
  }

  @Test
  void rangeThatIsNoneIsRefused() {
    assertThatThrownBy(() -> new ActivationRange(1, 2)).hasMessageContaining("hold 0");
    assertThatThrownBy(() -> new ActivationRange(0, Float.NaN)).hasMessageContaining("finite");
    assertThatThrownBy(() -> histogram(1, Float.POSITIVE_INFINITY))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("not finite");
  }

  /** Bins grow by six orders of magnitude on the way, and lose none of the values. */
  @Test
  void outliersAreLeftOutOnBothEnds() {
    float[] values = new float[100_000];
    Random random = new Random(5);
    for (int i = 0; i < values.length; i++) {
      values[i] = (i % 2 == 0 ? 1 : -1) * random.nextFloat();
    }
    values[0] = 0.000_001f;
    values[1] = -30;
    values[2] = 40;

    ActivationHistogram histogram = histogram(values);

    assertThat(histogram.whole()).isEqualTo(new ActivationRange(-30, 40));
    ActivationRange most = histogram.without(1e-3);
    assertThat(most.least()).isCloseTo(-1, within(0.05f));
    assertThat(most.greatest()).isCloseTo(1, within(0.05f));
    assertThat(histogram.without(0)).isEqualTo(histogram.whole());
  }

  /** One value in 200,000 at 60 is not worth that all others have steps so wide. */
  @Test
  void leastErrorWeighsOutliersAgainstSteps() {
    float[] bell = new float[200_000];
    Random random = new Random(6);
    for (int i = 0; i < bell.length; i++) {
      bell[i] = (float) random.nextGaussian();
    }
    bell[7] = 60;

    assertThat(histogram(bell).ofLeastError().greatest()).isBetween(3f, 50f);
    float[] flat = new float[100_000];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = random.nextFloat();
    }
    assertThat(histogram(flat).ofLeastError().greatest()).isGreaterThan(0.98f);
  }

  private static ActivationHistogram histogram(float... values) {
    ActivationHistogram histogram = new ActivationHistogram();
    histogram.add(FloatBuffer.wrap(values));
    return histogram;
  }
}
