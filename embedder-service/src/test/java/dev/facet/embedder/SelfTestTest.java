package dev.facet.embedder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.models.Catalogue;
import dev.facet.models.ModelId;
import dev.facet.models.graph.Precision;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelfTestTest {
  private static final float[] EAST = {1, 0};
  private static final float[] NORTH = {0, 1};
  private static final float[] NOWHERE = {Float.NaN, 0};

  @Test
  void drawnCropsAreTheSameOnEveryMachine() throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(GoldenCrop.draw(1, 112, 112));
    assertThat(HexFormat.of().formatHex(digest))
        .isEqualTo("24bf822b8c508c00426a3805dea78d87830a6039537b0e8383bc494b869fc012");
  }

  @ParameterizedTest
  @ValueSource(strings = {"edgeface-xs", "mobilefacenet", "dlib-resnet"})
  void embeddersTakenByThemselvesHaveGoldenVectors(String name) {
    ModelId id = Catalogue.bundled().model(name).id();
    assertThat(SelfTest.stored(id)).hasSize(SelfTest.GOLDEN_CROPS);
  }

  /** They would be compared with vectors of crops that were prepared otherwise, and never agree. */
  @Test
  void sameWeightsPreparedOtherwiseHaveNoGoldenVectors() {
    ModelId id = Catalogue.bundled().model("mobilefacenet").id();
    ModelId other = new ModelId("mine", id.version(), id.weightsSha256(), "0".repeat(64));

    assertThat(SelfTest.stored(other)).isEmpty();
  }

  @Test
  void roundingOfHalfPrecisionPassesInHalfPrecisionOnly() {
    float[] near = {1, 0.03f}; // a cosine of 0.99955
    SelfTest.check("m", Precision.FP16, List.of(near), List.of(near), List.of(EAST));
    assertThatThrownBy(
            () -> SelfTest.check("m", Precision.FP32, List.of(near), List.of(near), List.of(EAST)))
        .hasMessageContaining("at least 0.9999");
    assertThatThrownBy(
            () -> SelfTest.check("m", Precision.FP16, List.of(near), List.of(EAST), List.of()))
        .hasMessageContaining("batch");
  }

  @Test
  void sameVectorsPass() {
    SelfTest.check("m", Precision.FP32, List.of(EAST), List.of(EAST), List.of(EAST));
  }

  @Test
  void vectorThatChangesInABatchFails() {
    assertThatThrownBy(
            () -> SelfTest.check("m", Precision.FP32, List.of(EAST), List.of(NORTH), List.of()))
        .isInstanceOf(SelfTestFailedException.class)
        .hasMessageContaining("batch");
  }

  @Test
  void vectorThatIsNotTheStoredOneFails() {
    assertThatThrownBy(
            () -> SelfTest.check("m", Precision.FP32, List.of(EAST), List.of(EAST), List.of(NORTH)))
        .isInstanceOf(SelfTestFailedException.class)
        .hasMessageContaining("stored");
  }

  @Test
  void vectorThatIsNotANumberFails() {
    assertThatThrownBy(
            () ->
                SelfTest.check("m", Precision.FP32, List.of(NOWHERE), List.of(NOWHERE), List.of()))
        .isInstanceOf(SelfTestFailedException.class);
  }
}
