package dev.facet.detector;

import static org.bytedeco.opencv.global.opencv_core.ROTATE_180;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_CLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_COUNTERCLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.rotate;

import dev.facet.detector.mtcnn.Pixels;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Turns a picture about its centre, on a canvas that holds all of it, and leads the faces that
 * stand upright there back.
 *
 * @param angle by which the picture is turned, in degrees counter-clockwise, over -180 to 180
 * @param width of the canvas in pixels
 * @param height of the canvas in pixels
 * @param toCanvas from the picture to the canvas
 */
record Rotation(float angle, int width, int height, Affine toCanvas) {
  /** A corner this little outside the canvas is arithmetic, not picture. */
  private static final double ROUNDING = 1e-6;

  static Rotation of(float angle, int width, int height) {
    double cosine = exact(Math.cos(Math.toRadians(angle)));
    double sine = exact(Math.sin(Math.toRadians(angle)));
    int across = whole(Math.abs(width * cosine) + Math.abs(height * sine));
    int down = whole(Math.abs(width * sine) + Math.abs(height * cosine));
    double x = (width - 1) / 2.0;
    double y = (height - 1) / 2.0;
    // Rows are counted downwards, so the signs of the sine are not those of the textbook.
    Affine toCanvas =
        new Affine(
            cosine,
            sine,
            (across - 1) / 2.0 - cosine * x - sine * y,
            -sine,
            cosine,
            (down - 1) / 2.0 + sine * x - cosine * y);
    return new Rotation(angle, across, down, toCanvas);
  }

  /** Bytes of the canvas. */
  long bytes() {
    return 3L * width * height;
  }

  /** The picture turned; by quarters its pixels only change places. */
  Pixels turned(Mat picture) {
    if (angle == 0) {
      return pixels(picture);
    }
    if (angle % 90 != 0) {
      try (Mat turned = Resampler.cut(picture, toCanvas, width, height)) {
        return pixels(turned);
      }
    }
    try (Mat turned = new Mat()) {
      rotate(picture, turned, quarters());
      return pixels(turned);
    }
  }

  /** A face of the canvas in the picture: an upright box of the same centre and size. */
  Face back(Face face) {
    if (angle == 0) {
      return face;
    }
    Affine toPicture = toCanvas.inverse();
    Box box = face.box();
    // Boxes are of edges, which lie half a pixel outside the centres that the map is of.
    Point found = new Point(box.centre().x() - 0.5f, box.centre().y() - 0.5f);
    Point centre = toPicture.apply(found);
    return new Face(
        new Box(
            centre.x() + 0.5f - box.width() / 2,
            centre.y() + 0.5f - box.height() / 2,
            box.width(),
            box.height()),
        face.landmarks().mapped(toPicture::apply),
        face.score(),
        angle);
  }

  private int quarters() {
    if (Math.abs(angle) == 180) {
      return ROTATE_180;
    }
    return angle > 0 ? ROTATE_90_COUNTERCLOCKWISE : ROTATE_90_CLOCKWISE;
  }

  private static Pixels pixels(Mat picture) {
    byte[] rgb = new byte[3 * picture.cols() * picture.rows()];
    picture.data().get(rgb);
    return new Pixels(picture.cols(), picture.rows(), rgb);
  }

  /** Quarters are exact. */
  private static double exact(double value) {
    double whole = Math.rint(value);
    return Math.abs(value - whole) < 1e-12 ? whole : value;
  }

  private static int whole(double side) {
    return (int) Math.ceil(side - ROUNDING);
  }
}
