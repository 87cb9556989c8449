package dev.facet.embedder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.models.Alignment;
import dev.facet.models.CropGeometry;
import dev.facet.models.Pixels;
import dev.facet.models.graph.ColourOrder;
import dev.facet.models.graph.PixelScale;
import dev.facet.models.graph.Standardisation;
import dev.facet.proto.embedder.v1.Preprocessing;
import dev.facet.proto.type.v1.BoxPlacement;
import dev.facet.proto.type.v1.CropSpec;
import dev.facet.proto.type.v1.SquareSide;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbedderMessagesTest {

  @Test
  void scaleIsTold() {
    PixelScale scale = new PixelScale(List.of(1.0, 2.0, 3.0), List.of(4.0, 5.0, 6.0));

    assertThat(EmbedderMessages.preprocessing(new Pixels(ColourOrder.BGR, scale)))
        .isEqualTo(
            Preprocessing.newBuilder()
                .setColourOrder("BGR")
                .addAllMean(List.of(1f, 2f, 3f))
                .addAllScale(List.of(4f, 5f, 6f))
                .build());
  }

  @Test
  void standardisationIsToldInsteadOfAScale() {
    assertThat(
            EmbedderMessages.preprocessing(new Pixels(ColourOrder.RGB, Standardisation.PER_IMAGE)))
        .isEqualTo(
            Preprocessing.newBuilder().setColourOrder("RGB").setStandardisePerImage(true).build());
  }

  /** The catalogue counts a margin for each side, the contract for both together. */
  @Test
  void marginIsDoubledAndTheDefaultsAreNone() {
    assertThat(EmbedderMessages.cropSpec(crop(new Alignment.BoxMargin(0.25))))
        .isEqualTo(
            CropSpec.newBuilder()
                .setWidth(160)
                .setHeight(160)
                .setBox(BoxPlacement.newBuilder().setMargin(0.5f))
                .build());
  }

  @ParameterizedTest
  @CsvSource({
    "SQUARE_OF_LONGER_SIDE, SQUARE_SIDE_LONGER",
    "SQUARE_OF_MEAN_SIDE, SQUARE_SIDE_MEAN",
    "SQUARE_OF_SHORTER_SIDE, SQUARE_SIDE_SHORTER"
  })
  void shapeShiftAndCutOffAreTold(Alignment.Shape shape, SquareSide side) {
    Alignment.BoxMargin margin = new Alignment.BoxMargin(0, shape, 0.1, Alignment.Outside.CUT_OFF);

    assertThat(EmbedderMessages.cropSpec(crop(margin)).getBox())
        .isEqualTo(
            BoxPlacement.newBuilder()
                .setSquare(true)
                .setSquareSide(side)
                .setShiftDown(0.1f)
                .setCutOff(true)
                .build());
  }

  private static CropGeometry crop(Alignment alignment) {
    return new CropGeometry(160, 160, alignment);
  }
}
