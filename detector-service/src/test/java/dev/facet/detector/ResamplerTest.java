package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import dev.facet.detector.image.OpenCv;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.Test;

class ResamplerTest {
  static {
    OpenCv.load();
  }

  @Test
  void wholePictureInItsOwnSizeIsItself() {
    try (Mat picture = picture(90, 70)) {
      Affine map = Affine.stretch(new Box(0, 0, 90, 70), 90, 70);
      assertThat(Crop.cut(picture, map, 90, 70).rgb()).isEqualTo(bytes(picture));
    }
  }

  /** At any scale a crop shows the very place that its map says. */
  @Test
  void gradientKeepsItsPlaceAtEveryScale() {
    try (Mat picture = picture(2000, 1500)) {
      for (double step : new double[] {0.7, 1, 1.9, 2.1, 3.3, 7.9, 13}) {
        Affine map = new Affine(1 / step, 0, 56 - 1000 / step, 0, 1 / step, 56 - 750 / step);
        Crop crop = Crop.cut(picture, map, 112, 112);
        for (int[] at : new int[][] {{56, 56}, {30, 80}, {80, 20}}) {
          double x = 1000 + (at[0] - 56) * step;
          double y = 750 + (at[1] - 56) * step;
          assertThat(sample(crop, at[0], at[1], 0)).isCloseTo((int) (x / 8), within(1));
          assertThat(sample(crop, at[0], at[1], 1)).isCloseTo((int) (y / 8), within(1));
        }
      }
    }
  }

  /** A pattern finer than the crop can show becomes its mean, and no pattern of its own. */
  @Test
  void finePatternOfALargeFaceDoesNotAlias() {
    try (Mat picture = stripes(2400)) {
      double angle = Math.toRadians(7);
      double scale = 112 / 2000.0;
      Affine map =
          new Affine(
              scale * Math.cos(angle),
              -scale * Math.sin(angle),
              0,
              scale * Math.sin(angle),
              scale * Math.cos(angle),
              -15);
      Crop crop = Crop.cut(picture, map, 112, 112);
      for (int y = 40; y < 70; y++) {
        for (int x = 40; x < 70; x++) {
          assertThat(sample(crop, x, y, 0)).isBetween(110, 145);
        }
      }
    }
  }

  @Test
  void outsideThePictureIsBlack() {
    try (Mat white = new Mat(100, 100, CV_8UC3, Scalar.all(255))) {
      for (float size : new float[] {40, 400, 4000}) {
        Crop beside = Crop.cut(white, Affine.stretch(new Box(500, 0, size, size), 32, 32), 32, 32);
        assertThat(beside.rgb()).containsOnly(0);
      }
      Crop corner = Crop.cut(white, Affine.stretch(new Box(-300, -300, 400, 400), 40, 40), 40, 40);
      assertThat(sample(corner, 5, 5, 0)).isZero();
      assertThat(sample(corner, 36, 36, 0)).isEqualTo(255);
    }
  }

  private static Mat picture(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < width * height; i++) {
      int row = i / width;
      rgb[3 * i] = (byte) (i % width / 8);
      rgb[3 * i + 1] = (byte) (row / 8);
      rgb[3 * i + 2] = (byte) (i % 256);
    }
    return mat(width, height, rgb);
  }

  private static Mat stripes(int side) {
    byte[] rgb = new byte[side * side * 3];
    for (int i = 0; i < rgb.length; i++) {
      int column = i / 3 % side;
      rgb[i] = (byte) (column % 4 < 2 ? 0 : 255);
    }
    return mat(side, side, rgb);
  }

  private static Mat mat(int width, int height, byte[] rgb) {
    Mat mat = new Mat(height, width, CV_8UC3);
    mat.data().put(rgb);
    return mat;
  }

  private static byte[] bytes(Mat mat) {
    byte[] bytes = new byte[(int) (mat.total() * 3)];
    mat.data().get(bytes);
    return bytes;
  }

  private static int sample(Crop crop, int x, int y, int channel) {
    return crop.rgb()[3 * (y * crop.width() + x) + channel] & 0xff;
  }
}
