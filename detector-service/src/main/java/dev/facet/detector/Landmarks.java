package dev.facet.detector;

import java.util.List;
import java.util.function.UnaryOperator;

/** Five points of a face; left and right as seen in the picture. */
record Landmarks(
    Point leftEye, Point rightEye, Point nose, Point leftMouthCorner, Point rightMouthCorner) {

  List<Point> points() {
    return List.of(leftEye, rightEye, nose, leftMouthCorner, rightMouthCorner);
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
