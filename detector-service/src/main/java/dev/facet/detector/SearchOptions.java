package dev.facet.detector;

import dev.facet.bootstrap.RequestChecks;
import java.util.List;
import java.util.Optional;

/**
 * What a request asks of a search; what is empty is the detector's own setting.
 *
 * @param minScore least confidence of a face, 0 to 1
 * @param minSize side of the smallest face, in pixels of the picture
 * @param maxOverlap greatest intersection over union of two faces, 0 to 1
 * @param maxSide longer side, in pixels, to which larger pictures are shrunk first
 * @param angles by which the picture is turned and searched again, in degrees counter-clockwise
 * @param cascade knobs of a cascade's stages
 */
public record SearchOptions(
    Optional<Float> minScore,
    Optional<Float> minSize,
    Optional<Float> maxOverlap,
    Optional<Integer> maxSide,
    List<Float> angles,
    Optional<Cascade> cascade) {

  /** All of the detector's own. */
  public static final SearchOptions UNSET =
      new SearchOptions(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Optional.empty());

  public SearchOptions {
    angles = List.copyOf(angles);
  }

  /**
   * Hears what is wrong for every detector; what is for another one, it says itself.
   *
   * @param checks told by the names of the contract's fields
   */
  void check(RequestChecks checks) {
    fraction("options.min_score", minScore, checks);
    minSize.ifPresent(size -> checks.range("options.min_size", size, 0, 1 << 16));
    fraction("options.max_overlap", maxOverlap, checks);
    cascade.ifPresent(knobs -> knobs.check(checks));
  }

  private static void fraction(String field, Optional<Float> value, RequestChecks checks) {
    value.ifPresent(number -> checks.range(field, number, 0, 1));
  }

  /** The knobs of MTCNN's stages. */
  public record Cascade(
      Optional<Float> pyramidFactor,
      Optional<Float> proposalMinScore,
      Optional<Float> refinementMinScore,
      Optional<Float> outputMinScore,
      Optional<Float> proposalMaxOverlap,
      Optional<Float> refinementMaxOverlap,
      Optional<Float> outputMaxOverlap,
      Optional<Float> rotationMaxOverlap) {

    /** All of the detector's own. */
    public static final Cascade UNSET =
        new Cascade(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    private void check(RequestChecks checks) {
      pyramidFactor.ifPresent(
          factor ->
              checks.expect(
                  factor >= 0.1f && factor <= 0.95f,
                  "options.mtcnn.pyramid_factor",
                  "must be from 0.1 to 0.95"));
      fraction("options.mtcnn.proposal_min_score", proposalMinScore, checks);
      fraction("options.mtcnn.refinement_min_score", refinementMinScore, checks);
      fraction("options.mtcnn.output_min_score", outputMinScore, checks);
      fraction("options.mtcnn.proposal_max_overlap", proposalMaxOverlap, checks);
      fraction("options.mtcnn.refinement_max_overlap", refinementMaxOverlap, checks);
      fraction("options.mtcnn.output_max_overlap", outputMaxOverlap, checks);
      fraction("options.mtcnn.rotation_max_overlap", rotationMaxOverlap, checks);
    }
  }
}
