package dev.facet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.proto.embedder.v1.GetModelsResponse;
import dev.facet.proto.type.v1.BoxPlacement;
import dev.facet.proto.type.v1.CropSpec;
import dev.facet.proto.type.v1.SquareSide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelMessagesTest {

  /** What the embedder asks for is what the detector is asked for. */
  @ParameterizedTest
  @EnumSource(names = "UNRECOGNIZED", mode = EnumSource.Mode.EXCLUDE)
  void boxPlacementReachesTheDetectorWhole(SquareSide side) {
    CropSpec spec =
        CropSpec.newBuilder()
            .setWidth(160)
            .setHeight(128)
            .setBox(
                BoxPlacement.newBuilder()
                    .setMargin(0.15f)
                    .setSquare(side != SquareSide.SQUARE_SIDE_UNSPECIFIED)
                    .setSquareSide(side)
                    .setShiftDown(0.1f)
                    .setCutOff(true))
            .build();
    GetModelsResponse models =
        GetModelsResponse.newBuilder()
            .addModels(FakeEmbedder.model("fake", true).toBuilder().setCropSpec(spec))
            .build();

    EmbeddingModel model = ModelMessages.embeddingModels(models).getFirst();

    assertThat(ModelMessages.cropSpec(model.cropSpec())).isEqualTo(spec);
  }
}
