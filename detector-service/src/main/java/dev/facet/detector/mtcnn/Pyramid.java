package dev.facet.detector.mtcnn;

import java.util.ArrayList;
import java.util.List;

/** The sizes in which a picture is searched for faces of one size. */
final class Pyramid {
  /** Pixels of a level in which the proposal network sees a face. */
  static final int CELL = 12;

  private Pyramid() {}

  /**
   * A picture in one size.
   *
   * @param scale pixels of the level for each of the picture
   */
  record Level(double scale, int width, int height) {}

  /**
   * The levels for a picture of this size, largest first; none if the smallest face is larger than
   * the picture. The arithmetic is the reference's, in its order: whether a level has a column more
   * hangs on the last bit.
   */
  static List<Level> levels(int width, int height, double smallestFace, double factor) {
    double scale = CELL / smallestFace;
    double shorterSide = Math.min(width, height) * scale;
    List<Level> levels = new ArrayList<>();
    while (shorterSide >= CELL) {
      levels.add(new Level(scale, (int) (width * scale + 1), (int) (height * scale + 1)));
      scale *= factor;
      shorterSide *= factor;
    }
    return levels;
  }
}
