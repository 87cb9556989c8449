package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AllPairsTest {

  private static final List<String> PEOPLE = List.of("ann", "ann", "bob", "bob", "cy");

  /** On a circle: ann at 0 and 10 degrees, bob at 90 and 130, cy at 100. */
  @Test
  void pairsAndNearestAreCounted() {
    AllPairs pairs = AllPairs.of(PEOPLE, vectors(at(0), at(10), at(90), at(130), at(100)));

    assertThat(pairs.genuinePairs()).isEqualTo(2);
    assertThat(pairs.impostorPairs()).isEqualTo(8);
    // Ann's two are nearer than any others; bob's, 40 apart, have cy between them.
    assertThat(pairs.tarAt(0)).isEqualTo(0.5);
    assertThat(pairs.tarAt(1 / 8.0)).isEqualTo(0.5);
    assertThat(pairs.tarAt(2 / 8.0)).isEqualTo(1);
    assertThat(pairs.tarAt(1)).isEqualTo(1);
    assertThat(pairs.rankOne()).isEqualTo(0.5);
  }

  /** Rejected with ann, accepted with three others: only where that many may be is one accepted. */
  @Test
  void photoWithoutAFaceIsAnErrorInEveryPair() {
    List<float @Nullable []> vectors =
        new ArrayList<>(vectors(at(0), at(1), at(90), at(91), at(200)));
    vectors.set(1, null);

    AllPairs pairs = AllPairs.of(PEOPLE, vectors);

    assertThat(pairs.genuinePairs()).isEqualTo(2);
    assertThat(pairs.impostorPairs()).isEqualTo(8);
    assertThat(pairs.tarAt(2 / 8.0)).isZero();
    assertThat(pairs.tarAt(3 / 8.0)).isEqualTo(0.5);
    assertThat(pairs.tarAt(1)).isEqualTo(0.5);
    // Of ann's photos one has no face and the other no nearest of ann's.
    assertThat(pairs.rankOne()).isEqualTo(0.5);
  }

  /** The same figures as pair by pair. */
  @Test
  void agreesWithVerificationOfEachPair() {
    Random random = new Random(11);
    List<String> people = new ArrayList<>();
    List<float @Nullable []> vectors = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      people.add("p" + i % 20);
      vectors.add(i == 7 ? null : at(i % 20 * 18 + random.nextGaussian() * 12));
    }
    List<Verification.Judged> judged = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      for (int j = 0; j < i; j++) {
        judged.add(
            new Verification.Judged(
                people.get(i).equals(people.get(j)), distance(vectors.get(i), vectors.get(j))));
      }
    }
    Verification verification = new Verification(judged);
    AllPairs pairs = AllPairs.of(people, vectors);

    for (double far : new double[] {0.01, 0.05, 0.1, 0.3, 1}) {
      assertThat(pairs.tarAt(far)).as("FAR %s", far).isEqualTo(verification.at(far).tar());
    }
  }

  private static OptionalDouble distance(float @Nullable [] a, float @Nullable [] b) {
    if (a == null || b == null) {
      return OptionalDouble.empty();
    }
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return OptionalDouble.of(sum);
  }

  private static float[] at(double degrees) {
    double angle = Math.toRadians(degrees);
    return new float[] {(float) Math.cos(angle), (float) Math.sin(angle)};
  }

  private static List<float @Nullable []> vectors(float @Nullable []... vectors) {
    return Arrays.asList(vectors);
  }
}
