package dev.facet.detector;

import dev.facet.detector.image.Picture;
import java.util.List;

/**
 * A map of the plane, from a picture to a crop of it: {@code x' = xx x + xy y + x0} and {@code y' =
 * yx x + yy y + y0}, in pixels whose centres have whole coordinates.
 */
record Affine(double xx, double xy, double x0, double yx, double yy, double y0) {

  /**
   * The similarity (rotation, uniform scale, translation, never a reflection) that moves points
   * onto others with the least sum of squared distances.
   *
   * <p>In the plane Umeyama's solution (IEEE PAMI 13(4), 1991) needs no decomposition: with both
   * point sets centred, scale times cosine is the sum of the scalar products over the sum of the
   * squared lengths, and scale times sine that of the vector products.
   *
   * @throws DegenerateLandmarksException if the points of either set coincide
   */
  static Affine similarity(List<Point> from, List<Point> onto) {
    Point fromMean = mean(from);
    Point ontoMean = mean(onto);
    double dot = 0;
    double cross = 0;
    double squares = 0;
    for (int i = 0; i < from.size(); i++) {
      double px = from.get(i).x() - fromMean.x();
      double py = from.get(i).y() - fromMean.y();
      double qx = onto.get(i).x() - ontoMean.x();
      double qy = onto.get(i).y() - ontoMean.y();
      dot += px * qx + py * qy;
      cross += px * qy - py * qx;
      squares += px * px + py * py;
    }
    double a = dot / squares;
    double b = cross / squares;
    double scale = Math.hypot(a, b);
    if (!(scale > 1e-6 && scale < 1e6)) {
      throw new DegenerateLandmarksException();
    }
    return new Affine(
        a,
        -b,
        ontoMean.x() - a * fromMean.x() + b * fromMean.y(),
        b,
        a,
        ontoMean.y() - b * fromMean.x() - a * fromMean.y());
  }

  /**
   * Stretches a box over a crop: the edges of the box become the edges of the outer pixels.
   *
   * @throws DegenerateLandmarksException if the box, then one around landmarks, has no extent
   */
  static Affine stretch(Box box, int width, int height) {
    if (!(box.width() > 0 && box.height() > 0)) {
      throw new DegenerateLandmarksException();
    }
    double across = width / (double) box.width();
    double down = height / (double) box.height();
    return new Affine(
        across, 0, (0.5 - box.x()) * across - 0.5, 0, down, (0.5 - box.y()) * down - 0.5);
  }

  /**
   * Stretches a box over a crop as {@link #stretch(Box, int, int)} does, once the picture has been
   * turned around the box's centre.
   *
   * @param angle in degrees, counter-clockwise as seen
   */
  static Affine stretch(Box box, float angle, int width, int height) {
    Affine stretch = stretch(box, width, height);
    return angle == 0 ? stretch : turn(box.centre(), angle).then(stretch);
  }

  /** Turns a picture around a place between pixels, counter-clockwise as seen. */
  private static Affine turn(Point around, float angle) {
    double cos = Math.cos(Math.toRadians(angle));
    double sin = Math.sin(Math.toRadians(angle));
    double x = around.x() - 0.5;
    double y = around.y() - 0.5;
    return new Affine(cos, sin, x - cos * x - sin * y, -sin, cos, y + sin * x - cos * y);
  }

  /** From the pixels of a decoded picture to those of the picture itself. */
  static Affine toPicture(Picture decoded) {
    int step = decoded.step();
    double within = (step - 1) / 2.0;
    return new Affine(step, 0, decoded.left() + within, 0, step, decoded.top() + within);
  }

  /** Of the two directions of the plane onto which this map leads, that with the shorter step. */
  double leastStep() {
    Affine back = inverse();
    return Math.min(Math.hypot(back.xx, back.xy), Math.hypot(back.yx, back.yy));
  }

  /** First this map, then another. */
  Affine then(Affine next) {
    return new Affine(
        next.xx * xx + next.xy * yx,
        next.xx * xy + next.xy * yy,
        next.xx * x0 + next.xy * y0 + next.x0,
        next.yx * xx + next.yy * yx,
        next.yx * xy + next.yy * yy,
        next.yx * x0 + next.yy * y0 + next.y0);
  }

  Affine inverse() {
    double determinant = xx * yy - xy * yx;
    double ixx = yy / determinant;
    double ixy = -xy / determinant;
    double iyx = -yx / determinant;
    double iyy = xx / determinant;
    return new Affine(ixx, ixy, -ixx * x0 - ixy * y0, iyx, iyy, -iyx * x0 - iyy * y0);
  }

  Point apply(Point point) {
    return new Point(
        (float) (xx * point.x() + xy * point.y() + x0),
        (float) (yx * point.x() + yy * point.y() + y0));
  }

  /** A box's place under a map without rotation; the edges of pixels lie half a pixel outside. */
  Box applyToEdges(Box box) {
    return new Box(
        (float) (xx * (box.x() - 0.5) + x0 + 0.5),
        (float) (yy * (box.y() - 0.5) + y0 + 0.5),
        (float) (xx * box.width()),
        (float) (yy * box.height()));
  }

  private static Point mean(List<Point> points) {
    double x = points.stream().mapToDouble(Point::x).average().orElseThrow();
    double y = points.stream().mapToDouble(Point::y).average().orElseThrow();
    return new Point((float) x, (float) y);
  }
}
