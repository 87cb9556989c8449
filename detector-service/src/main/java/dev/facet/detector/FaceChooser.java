package dev.facet.detector;

import static java.util.Comparator.comparingDouble;

import java.util.Comparator;
import java.util.List;

/**
 * Picks the faces that are meant, best first by the rule of the choice. All but {@code ALL} mean
 * one face, or as many as were asked for.
 *
 * @param maxFaces at most so many; 0 is the choice's own number: all, or one
 */
record FaceChooser(FaceChoice choice, int maxFaces) {

  /**
   * The faces that are meant of those found in a picture of this size.
   *
   * @throws NoFaceException if the choice asks for one and there is none
   * @throws MultipleFacesException if the only face is asked for and there are several
   */
  List<Face> choose(List<Face> faces, int width, int height) {
    if (choice == FaceChoice.ALL) {
      return best(faces, mostProbable(), maxFaces == 0 ? Integer.MAX_VALUE : maxFaces);
    }
    if (faces.isEmpty()) {
      throw new NoFaceException();
    }
    if (choice == FaceChoice.ONLY && faces.size() > 1) {
      throw new MultipleFacesException(faces.size());
    }
    return best(faces, rule(width, height), Math.max(1, maxFaces));
  }

  private Comparator<Face> rule(int width, int height) {
    Point centre = new Box(0, 0, width, height).centre();
    return switch (choice) {
      case LARGEST -> comparingDouble(face -> -face.box().area());
      case MOST_CENTRAL -> comparingDouble(face -> face.box().centre().distance(centre));
      case ALL, ONLY, MOST_PROBABLE -> mostProbable();
    };
  }

  private static Comparator<Face> mostProbable() {
    return comparingDouble(face -> -face.score());
  }

  private static List<Face> best(List<Face> faces, Comparator<Face> rule, int count) {
    return faces.stream().sorted(rule).limit(count).toList();
  }
}
