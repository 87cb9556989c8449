package dev.facet.gateway;

import dev.facet.gateway.gallery.FaceMatch;
import java.util.List;

/** What a call makes of a face. */
enum Decision {
  MATCH,
  AMBIGUOUS,
  UNKNOWN;

  /**
   * Decides about a face from the nearest distinct subjects, nearest first.
   *
   * @param threshold squared distance up to which a subject is taken for the face's
   * @param margin a second subject at most this much farther makes the decision ambiguous; never
   *     when 0
   */
  static Decision about(List<FaceMatch> subjects, float threshold, float margin) {
    if (subjects.isEmpty() || subjects.getFirst().squaredDistance() > threshold) {
      return UNKNOWN;
    }
    boolean second =
        margin > 0
            && subjects.size() > 1
            && subjects.get(1).squaredDistance() - subjects.getFirst().squaredDistance() <= margin;
    return second ? AMBIGUOUS : MATCH;
  }

  /** Decides about a pair. */
  static Decision about(float squaredDistance, float threshold) {
    return squaredDistance <= threshold ? MATCH : UNKNOWN;
  }
}
