package dev.facet.detector;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Merges what was found of one picture at several angles.
 *
 * <p>A face is often found at two or three angles, with scores that differ in the third digit, as
 * the networks bear a lean of some 30 degrees. Of those nearly as probable as the best, the one is
 * kept whose landmarks stand most upright at its angle, so that an upright face is told at 0 and
 * one at 45 degrees at 45.
 */
final class TurnedFaces {
  /** Scores so near the best count as equal to it. */
  static final float NEAR = 0.05f;

  private TurnedFaces() {}

  /**
   * A face, and how far its landmarks lean at the angle at which it was found.
   *
   * @param face in pixels of the picture
   * @param lean in degrees
   */
  record Turned(Face face, float lean) {

    /** Leads a face of a canvas back into the picture. */
    static Turned of(Face onCanvas, Rotation rotation) {
      return new Turned(rotation.back(onCanvas), Math.abs(lean(onCanvas.landmarks())));
    }

    /** Of the line from the eyes to the mouth, which a turn of the head moves less than either. */
    private static float lean(Landmarks landmarks) {
      Point eyes = Point.middle(landmarks.leftEye(), landmarks.rightEye());
      Point mouth = Point.middle(landmarks.leftMouthCorner(), landmarks.rightMouthCorner());
      return (float) Math.toDegrees(Math.atan2(mouth.x() - eyes.x(), mouth.y() - eyes.y()));
    }

    private boolean isAlso(Turned better, float maxOverlap) {
      return face.angle() != better.face.angle()
          && face.box().overlap(better.face.box()) > maxOverlap;
    }
  }

  /**
   * Each face once, most probable first; faces of one angle are several.
   *
   * @param maxOverlap greatest intersection over union of two faces found at different angles
   */
  static List<Face> merged(List<Turned> found, float maxOverlap) {
    List<Turned> rest =
        new ArrayList<>(
            found.stream()
                .sorted(Comparator.comparingDouble((Turned t) -> t.face.score()).reversed())
                .toList());
    List<Face> merged = new ArrayList<>();
    while (!rest.isEmpty()) {
      Turned best = rest.removeFirst();
      List<Turned> same =
          new ArrayList<>(rest.stream().filter(t -> t.isAlso(best, maxOverlap)).toList());
      rest.removeAll(same);
      same.add(best);
      merged.add(
          same.stream()
              .filter(t -> t.face.score() >= best.face.score() - NEAR)
              .min(Comparator.comparingDouble(Turned::lean))
              .orElse(best)
              .face());
    }
    return merged;
  }
}
