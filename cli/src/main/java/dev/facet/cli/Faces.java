package dev.facet.cli;

import dev.facet.proto.type.v1.Box;
import dev.facet.proto.v1.Comparison;
import dev.facet.proto.v1.FoundFace;
import dev.facet.proto.v1.Match;
import java.math.BigDecimal;

/** Says faces and matches in words. */
final class Faces {

  private Faces() {}

  /** Where a face is: {@code at 120,88 (64x80), score 0.94, found at 45 degrees}. */
  static String where(FoundFace face) {
    Box box = face.getBox();
    return "at %.0f,%.0f (%.0fx%.0f), score %.2f%s"
        .formatted(
            box.getX(),
            box.getY(),
            box.getWidth(),
            box.getHeight(),
            face.getScore(),
            face.getAngle() == 0
                ? ""
                : ", found at %s degrees".formatted(degrees(face.getAngle())));
  }

  /** As short as it can be written: {@code -45}, {@code 22.5}. */
  static String degrees(double degrees) {
    return BigDecimal.valueOf(degrees).stripTrailingZeros().toPlainString();
  }

  /** How far two faces are apart. */
  static String apart(Comparison comparison) {
    String probability =
        comparison.hasMatchProbability()
            ? ", match probability %.4f"
                .formatted(comparison.getMatchProbability().getProbability())
            : "";
    return "squared distance %.3f (cosine %.3f%s)"
        .formatted(comparison.getSquaredDistance(), comparison.getCosineSimilarity(), probability);
  }

  /** Who a match is. */
  static String who(Match match) {
    return match.getDisplayName().isEmpty() || match.getDisplayName().equals(match.getSubjectId())
        ? match.getSubjectId()
        : "%s (%s)".formatted(match.getDisplayName(), match.getSubjectId());
  }
}
