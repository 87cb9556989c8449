package dev.facet.detector.mtcnn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SuppressionTest {

  @Test
  void mostProbableOfOverlappingCandidatesStays() {
    Candidates candidates = candidates(0, 0, 20, 20, 0.6f, 1, 1, 21, 21, 0.9f, 50, 0, 70, 20, 0.7f);
    Candidates kept = Suppression.UNION.of(candidates, 0.5);
    assertThat(kept.size()).isEqualTo(2);
    assertThat(kept.score(0)).isEqualTo(0.9f);
    assertThat(kept.score(1)).isEqualTo(0.7f);
    assertThat(kept.left(1)).isEqualTo(50);
    assertThat(Suppression.UNION.of(candidates, 1).size()).isEqualTo(3);
  }

  /** A quarter of the larger box is all of the smaller. */
  @Test
  void boxWithinAnotherGoesByTheSmallerAndStaysByTheUnion() {
    Candidates candidates = candidates(0, 0, 40, 40, 0.9f, 10, 10, 30, 30, 0.8f);
    assertThat(Suppression.UNION.of(candidates, 0.7).size()).isEqualTo(2);
    assertThat(Suppression.SMALLER.of(candidates, 0.7).size()).isEqualTo(1);
  }

  /** Corners as pixels: boxes side by side share the column between them. */
  @Test
  void cornersBelongToTheBoxOnlyForTheSmaller() {
    Candidates candidates = candidates(0, 0, 9, 9, 0.9f, 9, 0, 18, 9, 0.8f);
    assertThat(Suppression.UNION.of(candidates, 0).size()).isEqualTo(2);
    assertThat(Suppression.SMALLER.of(candidates, 0).size()).isEqualTo(1);
    assertThat(Suppression.SMALLER.of(candidates, 0.11).size()).isEqualTo(2);
  }

  @Test
  void equalScoresKeepTheirOrderAndFloodsAreBounded() {
    Candidates candidates = new Candidates(0);
    for (int i = 0; i < 20_000; i++) {
      candidates.add(i * 10, 0, i * 10 + 5, 5, 0.5f);
    }
    Candidates kept = Suppression.UNION.of(candidates, 0.5);
    assertThat(kept.size()).isEqualTo(Suppression.MOST_CANDIDATES);
    assertThat(kept.left(0)).isZero();
    assertThat(kept.left(4999)).isEqualTo(49_990);
    assertThat(Suppression.UNION.of(new Candidates(0), 0.5).size()).isZero();
  }

  private static Candidates candidates(float... numbers) {
    Candidates candidates = new Candidates(0);
    for (int i = 0; i < numbers.length; i += 5) {
      candidates.add(numbers[i], numbers[i + 1], numbers[i + 2], numbers[i + 3], numbers[i + 4]);
    }
    return candidates;
  }
}
