package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.facet.detector.image.ImageFormat;
import dev.facet.detector.image.Picture;
import dev.facet.detector.image.Scene;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChipCutterTest {
  private static final ChipSpec STANDARD = new ChipSpec(ImageFormat.PNG, 2, 512, 95);
  private static final byte[] PHOTO = Scene.of(640, 480).encoded(".png");

  @Test
  void chipHoldsThePicturesOwnPixels() {
    try (Picture picture = Decoded.picture(PHOTO)) {
      Chip chip = ChipCutter.cut(picture, Decoded.face(new Box(200, 150, 80, 100)), STANDARD);
      assertThat(chip.width()).isEqualTo(200);
      assertThat(chip.height()).isEqualTo(200);
      assertThat(chip.box()).isEqualTo(new Box(60, 50, 80, 100));
      try (Picture kept = Decoded.picture(chip.image())) {
        byte[] whole = Decoded.pixels(picture);
        byte[] pixels = Decoded.pixels(kept);
        for (int row = 0; row < 200; row++) {
          int from = 3 * ((row + 100) * 640 + 140);
          assertThat(Arrays.copyOfRange(pixels, 600 * row, 600 * (row + 1)))
              .isEqualTo(Arrays.copyOfRange(whole, from, from + 600));
        }
      }
    }
  }

  /** A crop made from the chip is the crop made from the picture. */
  @Test
  void cropFromTheChipIsTheCropFromThePicture() {
    CropSpec spec =
        new CropSpec(
            64, 64, new CropSpec.AroundBox(0.3f, CropSpec.Shape.SQUARE_OF_LONGER_SIDE, 0, false));
    Face face = Decoded.face(new Box(203.3f, 151.8f, 77, 93));
    try (Picture picture = Decoded.picture(PHOTO);
        Picture kept = Decoded.picture(ChipCutter.cut(picture, face, STANDARD).image())) {
      Chip chip = ChipCutter.cut(picture, face, STANDARD);
      Affine fromPicture = spec.from(face.place(), 640, 480);
      Affine fromChip =
          spec.from(
              new KnownFace.At(chip.box(), Optional.of(chip.landmarks()), chip.angle()),
              chip.width(),
              chip.height());
      byte[] expected = Crop.cut(picture.rgb(), fromPicture, 64, 64).rgb();
      byte[] actual = Crop.cut(kept.rgb(), fromChip, 64, 64).rgb();
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i] & 0xff).isCloseTo(expected[i] & 0xff, within(2));
      }
    }
  }

  /** The upright crop of a face at an angle is the same from its chip, corners and all. */
  @ParameterizedTest
  @ValueSource(floats = {-90, -45, 45, 90})
  void uprightCropFromTheChipIsTheOneFromThePicture(float angle) {
    CropSpec spec =
        new CropSpec(
            64, 64, new CropSpec.AroundBox(0.4f, CropSpec.Shape.SQUARE_OF_LONGER_SIDE, 0, true));
    Box box = new Box(243.3f, 191.8f, 77, 93);
    Face face = new Face(box, Decoded.face(box).landmarks(), 0.9f, angle);
    try (Picture picture = Decoded.picture(PHOTO)) {
      Chip chip = ChipCutter.cut(picture, face, STANDARD);
      assertThat(chip.angle()).isEqualTo(angle);
      KnownFace.At inChip =
          new KnownFace.At(chip.box(), Optional.of(chip.landmarks()), chip.angle());
      try (Picture kept = Decoded.picture(chip.image())) {
        byte[] expected = Crop.cut(picture.rgb(), spec.from(face.place(), 640, 480), 64, 64).rgb();
        byte[] actual =
            Crop.cut(kept.rgb(), spec.from(inChip, chip.width(), chip.height()), 64, 64).rgb();
        for (int i = 0; i < expected.length; i++) {
          assertThat(actual[i] & 0xff).isCloseTo(expected[i] & 0xff, within(2));
        }
      }
    }
  }

  /** Moved back where it would leave the picture; cut off only where the picture is smaller. */
  @ParameterizedTest
  @CsvSource({
    "-20,-30,100,200",
    "600,440,100,200",
    "300,200,230,460",
    "300,200,300,480",
    "5,5,4,64"
  })
  void chipNeverLeavesThePicture(float x, float y, float side, int expectedHeight) {
    try (Picture picture = Decoded.picture(PHOTO)) {
      Face face = Decoded.face(new Box(x, y, side, side));
      Chip chip = ChipCutter.cut(picture, face, new ChipSpec(ImageFormat.JPEG, 2, 2048, 90));
      assertThat(chip.height()).isEqualTo(expectedHeight);
      try (Picture kept = Decoded.picture(chip.image())) {
        assertThat(kept.header().format()).isEqualTo(ImageFormat.JPEG);
        assertThat(kept.width()).isEqualTo(chip.width());
      }
    }
  }

  @Test
  void largeChipIsShrunkAndItsFaceWithIt() {
    try (Picture picture = Decoded.picture(PHOTO)) {
      Face face = Decoded.face(new Box(220, 140, 200, 200));
      Chip chip = ChipCutter.cut(picture, face, new ChipSpec(ImageFormat.PNG, 2, 100, 95));
      assertThat(chip.width()).isEqualTo(100);
      assertThat(chip.box()).isEqualTo(new Box(25, 25, 50, 50));
      assertThat(chip.landmarks().nose().x()).isCloseTo(49.6f, within(0.1f));
    }
  }
}
