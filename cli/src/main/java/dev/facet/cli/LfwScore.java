package dev.facet.cli;

import com.google.gson.annotations.SerializedName;
import dev.facet.cli.PairList.Pair;
import dev.facet.cli.Verification.OperatingPoint;
import java.util.List;

/**
 * How well one combination of detector and embedding model tells pairs.
 *
 * @param accuracy on the judged pairs, at the threshold
 * @param threshold squared distance of best accuracy on the pairs it was fitted on
 * @param tar at {@code far} of at most 1e-2, whose threshold is {@code tarThreshold}
 * @param strictTar at {@code strictFar} of at most 1e-3
 */
record LfwScore(
    double accuracy,
    double threshold,
    double fitAccuracy,
    @SerializedName("tar_at_far_1e-2") double tar,
    @SerializedName("far_at_that_point") double far,
    @SerializedName("threshold_at_that_point") double tarThreshold,
    int pairs,
    int photos,
    int photosWithoutFace,
    String model,
    String detector,
    @SerializedName("tar_at_far_1e-3") double strictTar,
    @SerializedName("measured_far_1e-3") double strictFar) {

  private static final double FAR = 1e-2;
  private static final double STRICT_FAR = 1e-3;

  /** The first row of a table of {@link #row}. */
  static final String HEAD =
      "%-12s %-16s %9s %11s %11s %10s %8s"
          .formatted(
              "detector",
              "model",
              "accuracy",
              "TAR at 1e-2",
              "TAR at 1e-3",
              "threshold",
              "no face");

  /**
   * Fits the threshold on some pairs and judges others with it.
   *
   * @param photos how many there are in both lists
   */
  static LfwScore of(
      String detector, PhotoVectors vectors, List<Pair> fit, List<Pair> test, int photos) {
    Verification fitted = vectors.judge(fit);
    Verification judged = vectors.judge(test);
    double threshold = fitted.bestThreshold();
    OperatingPoint point = judged.at(FAR);
    OperatingPoint strict = judged.at(STRICT_FAR);
    return new LfwScore(
        judged.accuracy(threshold),
        threshold,
        fitted.accuracy(threshold),
        point.tar(),
        point.far(),
        point.threshold(),
        test.size(),
        photos,
        photos - vectors.size(),
        vectors.model(),
        detector,
        strict.tar(),
        strict.far());
  }

  String row() {
    return "%-12s %-16s %9.4f %11.4f %11.4f %10.3f %8d"
        .formatted(detector, model, accuracy, tar, strictTar, threshold, photosWithoutFace);
  }
}
