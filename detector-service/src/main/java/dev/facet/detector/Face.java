package dev.facet.detector;

/**
 * A face as a detector found it.
 *
 * @param score the detector's confidence, 0 to 1; comparable within one detector only
 * @param angle rotation at which it was found, in degrees counter-clockwise: the picture turned so
 *     shows it upright
 */
record Face(Box box, Landmarks landmarks, float score, float angle) {

  Face scaled(float horizontally, float vertically) {
    return new Face(
        box.scaled(horizontally, vertically),
        landmarks.mapped(point -> point.scaled(horizontally, vertically)),
        score,
        angle);
  }
}
