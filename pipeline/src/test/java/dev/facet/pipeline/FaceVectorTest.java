package dev.facet.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.models.ModelId;
import org.junit.jupiter.api.Test;

class FaceVectorTest {
  private static final ModelId MODEL = new ModelId("tiny", "1", "aa", "bb");
  private static final ModelId OTHER_CROP = new ModelId("tiny", "1", "aa", "cc");

  @Test
  void distanceIsZeroForEqualTwoForUnrelatedFourForOppositeVectors() {
    FaceVector east = new FaceVector(MODEL, new float[] {1, 0});

    assertThat(east.squaredDistance(east)).isZero();
    assertThat(east.squaredDistance(new FaceVector(MODEL, new float[] {0, 1}))).isEqualTo(2);
    assertThat(east.squaredDistance(new FaceVector(MODEL, new float[] {-1, 0}))).isEqualTo(4);
  }

  @Test
  void vectorsOfDifferentModelsAreNotCompared() {
    FaceVector a = new FaceVector(MODEL, new float[] {1, 0});
    FaceVector b = new FaceVector(OTHER_CROP, new float[] {1, 0});

    assertThat(a).isNotEqualTo(b);
    assertThatThrownBy(() -> a.squaredDistance(b))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("different models");
  }

  @Test
  void vectorThatIsNotOfUnitLengthIsRefused() {
    for (float[] values : new float[][] {{}, {2, 0}, {Float.NaN, 1}}) {
      assertThatThrownBy(() -> new FaceVector(MODEL, values))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("length 1");
    }
  }

  @Test
  void valuesAreCopied() {
    float[] stored = {1, 0};
    FaceVector vector = new FaceVector(MODEL, stored);
    stored[0] = 9;
    vector.values()[1] = 9;

    assertThat(vector).isEqualTo(new FaceVector(MODEL, new float[] {1, 0}));
    assertThat(vector).hasSameHashCodeAs(new FaceVector(MODEL, new float[] {1, 0}));
  }
}
