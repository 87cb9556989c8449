package dev.facet.cli;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * How well distances tell pairs of one person from pairs of two.
 *
 * <p>A pair without a distance (a face was not found) is an error whatever the threshold: for pairs
 * of one person a rejection, for pairs of two a false acceptance.
 *
 * @param pairs at least one of each kind
 */
record Verification(List<Judged> pairs) {

  /** Squared distance of opposite unit vectors. */
  private static final double LARGEST = 4;

  /** A pair and the squared distance measured for it. */
  record Judged(boolean samePerson, OptionalDouble squaredDistance) {

    boolean isRight(double threshold) {
      return squaredDistance.isPresent()
          && (squaredDistance.getAsDouble() <= threshold) == samePerson;
    }
  }

  /**
   * An operating point of the ROC.
   *
   * @param tar share of pairs of one person within the threshold
   * @param far share of pairs of two people within it
   */
  record OperatingPoint(double tar, double far, double threshold) {}

  /** The share of pairs judged rightly when those within the threshold are taken for one person. */
  double accuracy(double threshold) {
    return (double) pairs.stream().filter(pair -> pair.isRight(threshold)).count() / pairs.size();
  }

  /**
   * The threshold of the greatest accuracy, half-way between two neighbouring distances; of several
   * the one in the middle.
   */
  double bestThreshold() {
    double[] distances = distances(pair -> true);
    double[] cuts = new double[distances.length + 1];
    for (int i = 1; i < distances.length; i++) {
      cuts[i] = (distances[i - 1] + distances[i]) / 2;
    }
    cuts[distances.length] = LARGEST;
    double best = Arrays.stream(cuts).map(this::accuracy).max().orElseThrow();
    double[] equal = Arrays.stream(cuts).filter(cut -> accuracy(cut) == best).toArray();
    return equal[equal.length / 2];
  }

  /** The most pairs of one person accepted while at most {@code far} of the others are. */
  OperatingPoint at(double far) {
    double[] impostors = distances(pair -> !pair.samePerson);
    long all = pairs.stream().filter(pair -> !pair.samePerson).count();
    long faceless = all - impostors.length;
    int allowed = (int) Math.max(0, Math.floor(far * all + 1e-9) - faceless);
    double threshold = allowed < impostors.length ? Math.nextDown(impostors[allowed]) : LARGEST;
    long genuine = pairs.stream().filter(Judged::samePerson).count();
    long accepted =
        Arrays.stream(distances(Judged::samePerson))
            .filter(distance -> distance <= threshold)
            .count();
    long falsely =
        faceless + Arrays.stream(impostors).filter(distance -> distance <= threshold).count();
    return new OperatingPoint((double) accepted / genuine, (double) falsely / all, threshold);
  }

  /** In ascending order. */
  private double[] distances(Predicate<Judged> which) {
    return pairs.stream()
        .filter(which)
        .flatMapToDouble(pair -> pair.squaredDistance.stream())
        .sorted()
        .toArray();
  }
}
