package dev.facet.cli;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every photo compared with every other: how well distances tell pairs of one person from pairs of
 * two, and whether the nearest photo is of the same person.
 *
 * <p>A pair with a photo that has no vector is an error whatever the threshold, as in {@link
 * Verification}: of one person it is rejected, of two falsely accepted. So such a photo is never
 * found by its nearest.
 */
final class AllPairs {

  /** The distances of so many photos are held at a time: 50 million of them, 200 MB. */
  static final int MOST_PHOTOS = 10_000;

  private final float[] genuine;
  private final float[] impostors;
  private final long genuineFaceless;
  private final long impostorsFaceless;
  private final double rankOne;

  private AllPairs(
      float[] genuine,
      float[] impostors,
      long genuineFaceless,
      long impostorsFaceless,
      double rankOne) {
    this.genuine = genuine;
    this.impostors = impostors;
    this.genuineFaceless = genuineFaceless;
    this.impostorsFaceless = impostorsFaceless;
    this.rankOne = rankOne;
  }

  /**
   * Compares photos.
   *
   * @param people whom each photo shows
   * @param vectors unit vectors of one model in the same order; null where no face was found
   */
  static AllPairs of(List<String> people, List<float @Nullable []> vectors) {
    int photos = people.size();
    int pairs = photos * (photos - 1) / 2;
    float[] genuine = new float[pairs];
    float[] impostors = new float[pairs];
    int same = 0;
    int other = 0;
    long genuineFaceless = 0;
    long impostorsFaceless = 0;
    Nearest nearest = new Nearest(photos);
    for (int i = 0; i < photos; i++) {
      float[] one = vectors.get(i);
      for (int j = 0; j < i; j++) {
        boolean samePerson = people.get(i).equals(people.get(j));
        float[] two = vectors.get(j);
        if (samePerson) {
          nearest.hasMate(i, j);
        }
        if (one == null || two == null) {
          genuineFaceless += samePerson ? 1 : 0;
          impostorsFaceless += samePerson ? 0 : 1;
          continue;
        }
        float distance = squaredDistance(one, two);
        nearest.saw(i, j, distance, samePerson);
        if (samePerson) {
          genuine[same++] = distance;
        } else {
          impostors[other++] = distance;
        }
      }
    }
    return new AllPairs(
        sorted(genuine, same),
        sorted(impostors, other),
        genuineFaceless,
        impostorsFaceless,
        nearest.rankOne());
  }

  /** Pairs of one person. */
  long genuinePairs() {
    return genuine.length + genuineFaceless;
  }

  /** Pairs of two people. */
  long impostorPairs() {
    return impostors.length + impostorsFaceless;
  }

  /** The greatest share of pairs of one person accepted while at most {@code far} of others are. */
  double tarAt(double far) {
    long allowed = (long) Math.floor(far * impostorPairs() + 1e-9) - impostorsFaceless;
    if (allowed < 0) {
      return 0;
    }
    float threshold =
        allowed < impostors.length
            ? Math.nextDown(impostors[(int) allowed])
            : Float.POSITIVE_INFINITY;
    long accepted = 0;
    while (accepted < genuine.length && genuine[(int) accepted] <= threshold) {
      accepted++;
    }
    return (double) accepted / genuinePairs();
  }

  /**
   * Of photos whose person has another one, the share whose nearest photo is of the same person.
   */
  double rankOne() {
    return rankOne;
  }

  private static float[] sorted(float[] distances, int count) {
    float[] sorted = Arrays.copyOf(distances, count);
    Arrays.parallelSort(sorted);
    return sorted;
  }

  private static float squaredDistance(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      float difference = a[i] - b[i];
      sum += difference * difference;
    }
    return sum;
  }

  /** The nearest photo of each, seen pair by pair. */
  private static final class Nearest {

    private final float[] distances;
    private final boolean[] right;
    private final boolean[] mates;

    Nearest(int photos) {
      distances = new float[photos];
      Arrays.fill(distances, Float.POSITIVE_INFINITY);
      right = new boolean[photos];
      mates = new boolean[photos];
    }

    void hasMate(int one, int two) {
      mates[one] = true;
      mates[two] = true;
    }

    void saw(int one, int two, float distance, boolean samePerson) {
      sawFrom(one, distance, samePerson);
      sawFrom(two, distance, samePerson);
    }

    private void sawFrom(int photo, float distance, boolean samePerson) {
      if (distance < distances[photo]) {
        distances[photo] = distance;
        right[photo] = samePerson;
      }
    }

    double rankOne() {
      int probes = 0;
      int found = 0;
      for (int i = 0; i < mates.length; i++) {
        probes += mates[i] ? 1 : 0;
        found += mates[i] && right[i] ? 1 : 0;
      }
      return probes == 0 ? 0 : (double) found / probes;
    }
  }
}
