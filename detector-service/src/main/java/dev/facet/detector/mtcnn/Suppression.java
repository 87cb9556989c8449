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
    int size = order.length;
    float[] lefts = new float[size];
    float[] tops = new float[size];
    float[] rights = new float[size];
    float[] bottoms = new float[size];
    float[] areas = new float[size];
    int[] remaining = new int[size];
    for (int i = 0; i < size; i++) {
      lefts[i] = candidates.left(order[i]);
      tops[i] = candidates.top(order[i]);
      rights[i] = candidates.right(order[i]);
      bottoms[i] = candidates.bottom(order[i]);
      areas[i] = (rights[i] - lefts[i] + inclusive) * (bottoms[i] - tops[i] + inclusive);
      remaining[i] = i;
    }
    int[] kept = new int[size];
    int count = 0;
    while (size > 0) {
      int better = remaining[0];
      kept[count++] = order[better];
      float left = lefts[better];
      float top = tops[better];
      float right = rights[better];
      float bottom = bottoms[better];
      float area = areas[better];
      int stay = 0;
      for (int i = 1; i < size; i++) {
        int other = remaining[i];
        float across = Math.min(right, rights[other]) - Math.max(left, lefts[other]) + inclusive;
        float down = Math.min(bottom, bottoms[other]) - Math.max(top, tops[other]) + inclusive;
        if (!(across > 0 && down > 0 && overlap(across * down, area, areas[other]) > maxOverlap)) {
          remaining[stay++] = other;
        }
      }
      size = stay;
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
