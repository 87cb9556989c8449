package dev.facet.detector;

import java.util.Optional;

/**
 * A face as a detector found it.
 *
 * @param box its centre and sides are those of the face once it is turned upright
 * @param score the detector's confidence, 0 to 1; comparable within one detector only
 * @param angle turning the picture by so many degrees counter-clockwise brings the face upright
 */
public record Face(Box box, Landmarks landmarks, float score, float angle) {

  KnownFace.At place() {
    return new KnownFace.At(box, Optional.of(landmarks), angle);
  }

  Face moved(float across, float down) {
    return new Face(
        new Box(box.x() + across, box.y() + down, box.width(), box.height()),
        landmarks.mapped(point -> new Point(point.x() + across, point.y() + down)),
        score,
        angle);
  }

  Face scaled(float horizontally, float vertically) {
    return new Face(
        box.scaled(horizontally, vertically),
        landmarks.mapped(point -> point.scaled(horizontally, vertically)),
        score,
        angle);
  }
}
