package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.detector.image.Picture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Size;
import org.junit.jupiter.api.Test;

class QualityTest {
  private static final Face FACE = Decoded.face(new Box(40, 40, 110, 140));

  @Test
  void blurLowersSharpnessAndTheWhole() {
    List<Float> sharpness = new ArrayList<>();
    List<Float> overall = new ArrayList<>();
    for (double sigma : new double[] {0.3, 1, 2, 4}) {
      try (Picture picture = noise();
          Size any = new Size(0, 0)) {
        opencv_imgproc.GaussianBlur(picture.rgb(), picture.rgb(), any, sigma);
        Quality quality = Quality.of(picture, FACE);
        sharpness.add(quality.sharpness());
        overall.add(quality.overall());
      }
    }
    assertThat(sharpness).isSortedAccordingTo(Collections.reverseOrder());
    assertThat(sharpness.getLast()).isLessThan(20);
    assertThat(overall).isSortedAccordingTo(Collections.reverseOrder());
    assertThat(overall).allMatch(value -> value >= 0 && value <= 1);
  }

  /** A turned box shows other pixels: here those beside the noise, which are flat. */
  @Test
  void sharpnessIsThatOfTheTurnedBox() {
    Box wide = new Box(60, 60, 80, 80);
    Landmarks landmarks = Decoded.face(wide).landmarks();
    try (Picture picture = noise()) {
      byte[] rgb = Decoded.pixels(picture);
      for (int i = 0; i < rgb.length; i++) {
        int x = i / 3 % 200;
        int y = i / 600;
        if (x >= 60 && x < 140 && y >= 60 && y < 140) {
          rgb[i] = (byte) 128; // all that an upright box shows
        }
      }
      picture.rgb().data().put(rgb);
      Face upright = new Face(wide, landmarks, 0.9f, 0);
      Face turned = new Face(wide, landmarks, 0.9f, 45);

      assertThat(Quality.of(picture, upright).sharpness()).isLessThan(100);
      assertThat(Quality.of(picture, turned).sharpness()).isGreaterThan(1000);
    }
  }

  private static Picture noise() {
    byte[] rgb = new byte[200 * 200 * 3];
    new java.util.Random(5).nextBytes(rgb);
    Picture picture = Decoded.picture(dev.facet.detector.image.Scene.of(200, 200).encoded(".png"));
    picture.rgb().data().put(rgb);
    return picture;
  }
}
