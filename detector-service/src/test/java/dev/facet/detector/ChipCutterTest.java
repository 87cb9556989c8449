package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.facet.detector.image.ImageFormat;
import dev.facet.detector.image.Picture;
import dev.facet.detector.image.Scene;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    CropSpec spec = new CropSpec(64, 64, new CropSpec.AroundBox(0.3f, true));
    Face face = Decoded.face(new Box(203.3f, 151.8f, 77, 93));
    try (Picture picture = Decoded.picture(PHOTO);
        Picture kept = Decoded.picture(ChipCutter.cut(picture, face, STANDARD).image())) {
      Chip chip = ChipCutter.cut(picture, face, STANDARD);
      Affine fromPicture = spec.from(face.box(), java.util.Optional.of(face.landmarks()));
      Affine fromChip = spec.from(chip.box(), java.util.Optional.of(chip.landmarks()));
      byte[] expected = Crop.cut(picture.rgb(), fromPicture, 64, 64).rgb();
      byte[] actual = Crop.cut(kept.rgb(), fromChip, 64, 64).rgb();
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i] & 0xff).isCloseTo(expected[i] & 0xff, within(2));
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
