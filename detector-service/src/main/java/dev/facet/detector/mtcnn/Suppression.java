package dev.facet.detector.mtcnn;

import java.util.Arrays;

/** Non-maximum suppression: of candidates that overlap, the most probable stays. */
enum Suppression {

  /** Overlap is intersection over union; corners lie between pixels. */
  UNION(0) {
    @Override
    float overlap(float shared, float area, float otherArea) {
      return shared / (area + otherArea - shared);
    }
  },

  /**
   * Overlap is intersection over the smaller of the two, so that a box within another goes; corners
   * are pixels that belong to the box.
   */
  SMALLER(1) {
    @Override
    float overlap(float shared, float area, float otherArea) {
      return shared / Math.min(area, otherArea);
    }
  };

  /** Of one level, and of one picture; bounds the work where a score of nothing is asked for. */
  static final int MOST_CANDIDATES = 5000;

  private final int inclusive;

  Suppression(int inclusive) {
    this.inclusive = inclusive;
  }

  abstract float overlap(float shared, float area, float otherArea);

  /**
   * The candidates of which none overlaps a more probable one by more than {@code maxOverlap}, most
   * probable first. Of more than {@value #MOST_CANDIDATES} the least probable are dropped.
   */
  Candidates of(Candidates candidates, double maxOverlap) {
    int[] order = mostProbableFirst(candidates);
    float[] areas = new float[order.length];
    for (int i = 0; i < order.length; i++) {
      int c = order[i];
      areas[i] =
          (candidates.right(c) - candidates.left(c) + inclusive)
              * (candidates.bottom(c) - candidates.top(c) + inclusive);
    }
    boolean[] dropped = new boolean[order.length];
    int[] kept = new int[order.length];
    int count = 0;
    for (int i = 0; i < order.length; i++) {
      if (dropped[i]) {
        continue;
      }
      int better = order[i];
      kept[count++] = better;
      float left = candidates.left(better);
      float top = candidates.top(better);
      float right = candidates.right(better);
      float bottom = candidates.bottom(better);
      for (int j = i + 1; j < order.length; j++) {
        if (dropped[j]) {
          continue;
        }
        int other = order[j];
        float across =
            Math.min(right, candidates.right(other))
                - Math.max(left, candidates.left(other))
                + inclusive;
        float down =
            Math.min(bottom, candidates.bottom(other))
                - Math.max(top, candidates.top(other))
                + inclusive;
        dropped[j] =
            across > 0 && down > 0 && overlap(across * down, areas[i], areas[j]) > maxOverlap;
      }
    }
    return candidates.select(Arrays.copyOf(kept, count));
  }

  /** Of equal scores the earlier candidate comes first. */
  private static int[] mostProbableFirst(Candidates candidates) {
    int size = candidates.size();
    long[] keys = new long[size];
    for (int i = 0; i < size; i++) {
      // Scores are not negative, and so are ordered as their bits are.
      keys[i] = (long) Float.floatToIntBits(candidates.score(i)) << Integer.SIZE | (size - i);
    }
    Arrays.sort(keys);
    int[] order = new int[Math.min(size, MOST_CANDIDATES)];
    for (int i = 0; i < order.length; i++) {
      order[i] = size - (int) keys[size - 1 - i];
    }
    return order;
  }
}
