package dev.facet.detector;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Non-maximum suppression: of candidates for one face, the most probable stays. */
final class Overlaps {
  /** More than any photo has faces; bounds the work when a caller asks for a score of nothing. */
  private static final int MAX_CANDIDATES = 5000;

  private Overlaps() {}

  /**
   * The faces of which none overlaps a more probable one by more than {@code maxOverlap}
   * (intersection over union), most probable first.
   */
  static List<Face> suppress(List<Face> candidates, float maxOverlap) {
    List<Face> probableFirst =
        candidates.stream()
            .sorted(Comparator.comparingDouble(Face::score).reversed())
            .limit(MAX_CANDIDATES)
            .toList();
    List<Face> kept = new ArrayList<>();
    for (Face face : probableFirst) {
      if (kept.stream().allMatch(better -> better.box().overlap(face.box()) <= maxOverlap)) {
        kept.add(face);
      }
    }
    return kept;
  }
}
