package dev.facet.pipeline;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.models.NoModelException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FacePipelineBuilderTest {

  @Test
  void optionsOutOfRangeAreRefusedByName() {
    FacePipelineBuilder builder = FacePipeline.builder();

    assertThatThrownBy(() -> builder.threads(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threads must be 0 to 1024, is -1");
    assertThatThrownBy(() -> builder.detectorBatch(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("detectorBatch must be 1 to 256, is 0");
    assertThatThrownBy(() -> builder.embedderBatch(1025))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("embedderBatch must be 1 to 1024, is 1025");
    assertThatThrownBy(() -> builder.device(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("device must be 0 to 1024, is -1");
  }

  @Test
  void whereNothingCanBeHadTheTextSaysWhatToCopy(@TempDir Path empty) {
    assertThatThrownBy(() -> FacePipeline.builder().cache(empty).sources().open())
        .isInstanceOf(NoModelException.class)
        .hasMessageContaining("yunet")
        .hasMessageContaining("SHA-256");
  }
}
