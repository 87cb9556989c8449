package dev.facet.detector;

import java.util.List;
import java.util.function.UnaryOperator;

/** Five points of a face; left and right as seen in the picture. */
public record Landmarks(
    Point leftEye, Point rightEye, Point nose, Point leftMouthCorner, Point rightMouthCorner) {

  List<Point> points() {
    return List.of(leftEye, rightEye, nose, leftMouthCorner, rightMouthCorner);
  }

  /** The smallest box around the points. */
  Box bounds() {
    float left = Float.POSITIVE_INFINITY;
    float top = Float.POSITIVE_INFINITY;
    float right = Float.NEGATIVE_INFINITY;
    float bottom = Float.NEGATIVE_INFINITY;
    for (Point point : points()) {
      left = Math.min(left, point.x());
      top = Math.min(top, point.y());
      right = Math.max(right, point.x());
      bottom = Math.max(bottom, point.y());
    }
    return new Box(left, top, right - left, bottom - top);
  }

  Landmarks mapped(UnaryOperator<Point> map) {
    return new Landmarks(
        map.apply(leftEye),
        map.apply(rightEye),
        map.apply(nose),
        map.apply(leftMouthCorner),
        map.apply(rightMouthCorner));
  }
}
