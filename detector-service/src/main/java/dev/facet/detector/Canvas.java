package dev.facet.detector;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import dev.facet.detector.image.Picture;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * A picture as a detector takes it: shrunk where it is too large, at the top left of a black
 * rectangle of one of a few sizes.
 *
 * @param shape size of the rectangle
 * @param pixels width × height × 3 bytes, RGB
 * @param shown where the picture lies on the canvas
 * @param minScore what the caller counts as a face
 */
record Canvas(Shape shape, Pixels pixels, Placement shown, float minScore) {

  /** Bilinear interpolation may step over this many pixels before it misses too much. */
  private static final double STEP_AFTER_AVERAGING = 1.2;

  /** A size of input that the model is warmed for, in pixels. */
  record Shape(int width, int height) {
    private static final int MOST_SHARED_BYTES = 3 * 1_000_000;

    int bytes() {
      return width * height * 3;
    }

    /** So large that a run of several would save no time and take a lot of memory. */
    boolean runsAlone() {
      return bytes() > MOST_SHARED_BYTES;
    }

    boolean holds(int otherWidth, int otherHeight) {
      return otherWidth <= width && otherHeight <= height;
    }
  }

  /**
   * Leads from the canvas to the picture.
   *
   * @param columnStep columns of the picture for each of the canvas
   * @param rowStep rows of the picture for each of the canvas
   * @param left column of the picture where the canvas begins, 0 or a little less
   * @param top row of the picture where the canvas begins, 0 or a little less
   */
  record Placement(float columnStep, float rowStep, float left, float top) {

    Face inPicture(Face face) {
      return face.scaled(columnStep, rowStep).moved(left, top);
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

  /** A canvas without a picture. */
  static Canvas blank(Shape shape) {
    return new Canvas(shape, new Pixels(new byte[shape.bytes()]), new Placement(1, 1, 0, 0), 1);
  }

  /**
   * Draws the picture in this size; it is never enlarged.
   *
   * <p>Averaging over a whole number of pixels is several times faster than over a broken one, and
   * what is left to the wanted size is little enough for interpolation: 14 ms instead of 32 for 12
   * megapixels.
   */
  static Canvas of(Picture picture, int width, int height, Shape shape, float minScore) {
    Mat decoded = picture.rgb();
    double step = Math.min((double) decoded.cols() / width, (double) decoded.rows() / height);
    int whole = (int) Math.max(1, step / STEP_AFTER_AVERAGING);
    byte[] rgb = new byte[shape.bytes()];
    try (Mat canvas = new Mat(shape.height(), shape.width(), CV_8UC3, Scalar.all(0));
        Rect area = new Rect(0, 0, width, height);
        Mat shown = new Mat(canvas, area);
        Mat averaged = averaged(decoded, whole);
        Size size = new Size(width, height)) {
      resize(averaged, shown, size, 0, 0, INTER_LINEAR);
      canvas.data().get(rgb);
      return new Canvas(
          shape,
          new Pixels(rgb),
          new Placement(
              (float) picture.step() * whole * averaged.cols() / width,
              (float) picture.step() * whole * averaged.rows() / height,
              picture.left(),
              picture.top()),
          minScore);
    }
  }

  /** Each square of so many pixels as one; what is left over at the right and below is dropped. */
  private static Mat averaged(Mat picture, int side) {
    if (side == 1) {
      return new Mat(picture);
    }
    int columns = picture.cols() / side;
    int rows = picture.rows() / side;
    Mat averaged = new Mat();
    try (Rect whole = new Rect(0, 0, columns * side, rows * side);
        Mat part = new Mat(picture, whole);
        Size size = new Size(columns, rows)) {
      resize(part, averaged, size, 0, 0, INTER_AREA);
    }
    return averaged;
  }
}
