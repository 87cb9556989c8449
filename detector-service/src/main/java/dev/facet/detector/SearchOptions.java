package dev.facet.detector;

import java.util.List;
import java.util.Optional;

/**
 * What a request asks of a search; what is empty is the detector's own setting. Numbers that mean
 * the same to every detector are within their ranges.
 *
 * @param minScore least confidence of a face, 0 to 1
 * @param minSize side of the smallest face, in pixels of the picture
 * @param maxOverlap greatest intersection over union of two faces, 0 to 1
 * @param maxSide longer side, in pixels, to which larger pictures are shrunk first
 * @param angles by which the picture is turned and searched again, in degrees counter-clockwise
 * @param cascade knobs of a cascade's stages
 */
record SearchOptions(
    Optional<Float> minScore,
    Optional<Float> minSize,
    Optional<Float> maxOverlap,
    Optional<Integer> maxSide,
    List<Float> angles,
    Optional<Cascade> cascade) {

  /** The knobs of MTCNN's stages. */
  record Cascade(
      Optional<Float> pyramidFactor,
      Optional<Float> proposalMinScore,
      Optional<Float> refinementMinScore,
      Optional<Float> outputMinScore,
      Optional<Float> proposalMaxOverlap,
      Optional<Float> refinementMaxOverlap,
      Optional<Float> outputMaxOverlap,
      Optional<Float> rotationMaxOverlap) {

    /** All of the detector's own. */
    static final Cascade UNSET =
        new Cascade(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }
}
