package dev.facet.detector.mtcnn;

import dev.facet.detector.mtcnn.CascadeOptions.Threshold;
import dev.facet.detector.mtcnn.Pyramid.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * What each network's answers let pass, by the arithmetic of the reference; see {@link Cascade}.
 */
final class Sieve {
  private static final double OVERLAP_WITHIN_LEVEL = 0.5;
  private static final int LANDMARKS_AT = 1 + Candidates.REGRESSION;

  private Sieve() {}

  /**
   * After P-Net: what is left of each picture's levels, moved, as squares.
   *
   * @param tiles those of a level, and the levels of a picture, one after another
   * @param answers as P-Net gave them for the tiles
   * @param maxOverlap of two candidates of different levels
   */
  static List<Candidates> proposed(
      List<Pixels> pictures, List<Tile> tiles, List<Candidates> answers, double maxOverlap) {
    List<Candidates> proposed = new ArrayList<>();
    int next = 0;
    for (Pixels picture : pictures) {
      Candidates all = new Candidates(Candidates.REGRESSION);
      while (next < tiles.size() && tiles.get(next).pixels().equals(picture)) {
        Level level = tiles.get(next).level();
        Candidates ofLevel = new Candidates(Candidates.REGRESSION);
        while (next < tiles.size()
            && tiles.get(next).pixels().equals(picture)
            && tiles.get(next).level().equals(level)) {
          ofLevel.addAll(answers.get(next++));
        }
        all.addAll(Suppression.UNION.of(ofLevel, OVERLAP_WITHIN_LEVEL));
      }
      Candidates kept = Suppression.UNION.of(all, maxOverlap);
      kept.regress(0);
      kept.square();
      proposed.add(kept);
    }
    return proposed;
  }

  /** After R-Net: what has passed, moved, as squares. */
  static List<Candidates> refined(
      List<Candidates> candidates, List<float[]> answers, Threshold threshold) {
    Iterator<float[]> answer = answers.iterator();
    List<Candidates> refined = new ArrayList<>();
    for (Candidates seen : candidates) {
      Candidates passed = new Candidates(Candidates.REGRESSION);
      for (int i = 0; i < seen.size(); i++) {
        float[] numbers = answer.next();
        if (numbers[0] > threshold.score()) {
          passed.add(
              seen.left(i),
              seen.top(i),
              seen.right(i),
              seen.bottom(i),
              numbers[0],
              Arrays.copyOfRange(numbers, 1, LANDMARKS_AT));
        }
      }
      Candidates kept = Suppression.UNION.of(passed, threshold.overlap());
      kept.regress(1);
      kept.square();
      refined.add(kept);
    }
    return refined;
  }

  /** After O-Net: faces with their landmarks, most probable first. */
  static List<Candidates> placed(
      List<Candidates> candidates, List<float[]> answers, Threshold threshold) {
    Iterator<float[]> answer = answers.iterator();
    List<Candidates> placed = new ArrayList<>();
    for (Candidates seen : candidates) {
      Candidates faces = new Candidates(Candidates.LANDMARKS);
      for (int i = 0; i < seen.size(); i++) {
        float[] numbers = answer.next();
        if (numbers[0] > threshold.score()) {
          float width = seen.right(i) - seen.left(i) + 1;
          float height = seen.bottom(i) - seen.top(i) + 1;
          faces.add(
              seen.left(i) + numbers[1] * width,
              seen.top(i) + numbers[2] * height,
              seen.right(i) + numbers[3] * width,
              seen.bottom(i) + numbers[4] * height,
              numbers[0],
              landmarks(numbers, seen.left(i), seen.top(i), width, height));
        }
      }
      placed.add(Suppression.SMALLER.of(faces, threshold.overlap()));
    }
    return placed;
  }

  private static float[] landmarks(
      float[] numbers, float left, float top, float width, float height) {
    float[] landmarks = Arrays.copyOfRange(numbers, LANDMARKS_AT, numbers.length);
    int points = landmarks.length / 2;
    for (int i = 0; i < points; i++) {
      landmarks[i] = width * landmarks[i] + left - 1;
      landmarks[points + i] = height * landmarks[points + i] + top - 1;
    }
    return landmarks;
  }
}
