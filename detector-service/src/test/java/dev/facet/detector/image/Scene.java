package dev.facet.detector.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_BGR2RGB;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * A smooth coloured picture without any symmetry, to be encoded in many ways and compared with what
 * was decoded.
 */
public final class Scene {
  static {
    OpenCv.load();
  }

  private final int width;
  private final int height;
  private final byte[] rgb;

  /** Interleaved red, green, blue. */
  Scene(int width, int height, byte[] rgb) {
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  public static Scene of(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < width * height; i++) {
      int row = i / width;
      // Not steeper in a small scene than in others: chroma is stored at half the resolution.
      double x = (double) (i % width) / Math.max(width, 200);
      double y = (double) row / Math.max(height, 200);
      rgb[3 * i] = (byte) (20 + 215 * x);
      rgb[3 * i + 1] = (byte) (235 - 200 * y);
      rgb[3 * i + 2] = (byte) (128 + 90 * Math.sin(5 * x + 3 * y * y));
    }
    return new Scene(width, height, rgb);
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  int sample(int x, int y, int channel) {
    return rgb[3 * (y * width + x) + channel] & 0xff;
  }

  /** Encoded by OpenCV. */
  public byte[] encoded(String extension, int... parameters) {
    try (Mat mat = new Mat(height, width, CV_8UC3);
        BytePointer out = new BytePointer();
        IntPointer options = new IntPointer(parameters)) {
      mat.data().put(rgb);
      cvtColor(mat, mat, COLOR_BGR2RGB);
      assertThat(imencode(extension, mat, out, options)).isTrue();
      byte[] bytes = new byte[(int) out.limit()];
      out.get(bytes);
      return bytes;
    }
  }

  /** Drawn into a picture of the JDK, which converts to what its type can hold. */
  BufferedImage drawnInto(BufferedImage image) {
    for (int i = 0; i < width * height; i++) {
      int x = i % width;
      int y = i / width;
      int colour = sample(x, y, 0) << 16 | sample(x, y, 1) << 8 | sample(x, y, 2);
      image.setRGB(x, y, 0xff000000 | colour);
    }
    return image;
  }

  /** Four samples for each pixel, in the inverted way of Adobe: full is no ink. */
  void drawnAsInks(WritableRaster raster) {
    for (int i = 0; i < width * height; i++) {
      int x = i % width;
      int y = i / width;
      int key = Math.max(sample(x, y, 0), Math.max(sample(x, y, 1), sample(x, y, 2)));
      for (int channel = 0; channel < 3; channel++) {
        raster.setSample(x, y, channel, Math.round(255f * sample(x, y, channel) / key));
      }
      raster.setSample(x, y, 3, key);
    }
  }

  /** The same scene as a camera stores it that holds it in one of the eight ways of EXIF. */
  Scene stored(int orientation) {
    boolean transposed = orientation >= 5;
    int columns = transposed ? height : width;
    int rows = transposed ? width : height;
    byte[] stored = new byte[rgb.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        // Where the stored row 0 and column 0 lie in the scene, as the EXIF standard lists them.
        int x =
            switch (orientation) {
              case 1, 4 -> column;
              case 2, 3 -> width - 1 - column;
              case 5, 8 -> row;
              default -> width - 1 - row;
            };
        int y =
            switch (orientation) {
              case 1, 2 -> row;
              case 3, 4 -> height - 1 - row;
              case 5, 6 -> column;
              default -> height - 1 - column;
            };
        System.arraycopy(rgb, 3 * (y * width + x), stored, 3 * (row * columns + column), 3);
      }
    }
    return new Scene(columns, rows, stored);
  }

  /** The scene lying on its right side. */
  public Scene turnedClockwise() {
    return stored(8);
  }

  /** Mean difference of a sample between this scene and a picture of the same size. */
  double meanDifference(Picture picture) {
    assertThat(picture.width()).isEqualTo(width);
    assertThat(picture.height()).isEqualTo(height);
    byte[] decoded = new byte[rgb.length];
    picture.rgb().data().get(decoded);
    long sum = 0;
    for (int i = 0; i < rgb.length; i++) {
      sum += Math.abs((decoded[i] & 0xff) - (rgb[i] & 0xff));
    }
    return (double) sum / rgb.length;
  }

  /** The scene without its colours, by the weights of ITU-R BT.601. */
  Scene grey() {
    byte[] grey = new byte[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      int first = i - i % 3;
      double luma =
          0.299 * (rgb[first] & 0xff)
              + 0.587 * (rgb[first + 1] & 0xff)
              + 0.114 * (rgb[first + 2] & 0xff);
      grey[i] = (byte) Math.round(luma);
    }
    return new Scene(width, height, grey);
  }
}
