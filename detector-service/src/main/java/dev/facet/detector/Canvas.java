package dev.facet.detector;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import dev.facet.detector.image.Picture;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/**
 * A picture as a detector takes it: shrunk where it is too large, at the top left of a black
 * rectangle of one of a few sizes.
 *
 * @param shape size of the rectangle
 * @param pixels width × height × 3 bytes, RGB
 * @param shownWidth columns that the picture fills
 * @param shownHeight rows that the picture fills
 * @param minScore what the caller counts as a face
 */
record Canvas(Shape shape, Pixels pixels, int shownWidth, int shownHeight, float minScore) {

  /** A size of input that the model is warmed for, in pixels. */
  record Shape(int width, int height) {

    int bytes() {
      return width * height * 3;
    }

    boolean holds(int otherWidth, int otherHeight) {
      return otherWidth <= width && otherHeight <= height;
    }
  }

  /** Bytes without a value of their own. */
  static final class Pixels {
    private final byte[] rgb;

    Pixels(byte[] rgb) {
      this.rgb = rgb;
    }

    byte[] rgb() {
      return rgb;
    }
  }

  /** Draws the picture; it is never enlarged. */
  static Canvas of(Picture picture, int width, int height, Shape shape, float minScore) {
    byte[] rgb = new byte[shape.bytes()];
    try (Mat canvas = new Mat(shape.height(), shape.width(), CV_8UC3, Scalar.all(0));
        Rect area = new Rect(0, 0, width, height);
        Mat shown = new Mat(canvas, area)) {
      if (width == picture.width() && height == picture.height()) {
        picture.rgb().copyTo(shown);
      } else {
        resize(picture.rgb(), shown, shown.size(), 0, 0, INTER_AREA);
      }
      canvas.data().get(rgb);
    }
    return new Canvas(shape, new Pixels(rgb), width, height, minScore);
  }
}
