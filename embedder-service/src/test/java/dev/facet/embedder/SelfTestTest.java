package dev.facet.embedder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.models.Catalogue;
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
    String weights = Catalogue.bundled().model(name).weightsSha256();
    assertThat(SelfTest.stored(weights)).hasSize(SelfTest.GOLDEN_CROPS);
  }

  @Test
  void sameVectorsPass() {
    SelfTest.check("m", List.of(EAST), List.of(EAST), List.of(EAST));
  }

  @Test
  void vectorThatChangesInABatchFails() {
    assertThatThrownBy(() -> SelfTest.check("m", List.of(EAST), List.of(NORTH), List.of()))
        .isInstanceOf(SelfTestFailedException.class)
        .hasMessageContaining("batch");
  }

  @Test
  void vectorThatIsNotTheStoredOneFails() {
    assertThatThrownBy(() -> SelfTest.check("m", List.of(EAST), List.of(EAST), List.of(NORTH)))
        .isInstanceOf(SelfTestFailedException.class)
        .hasMessageContaining("stored");
  }

  @Test
  void vectorThatIsNotANumberFails() {
    assertThatThrownBy(() -> SelfTest.check("m", List.of(NOWHERE), List.of(NOWHERE), List.of()))
        .isInstanceOf(SelfTestFailedException.class);
  }
}
