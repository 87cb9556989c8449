package dev.facet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.facet.bench.Truth.Neighbour;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecallTest {

  /** Rows 0 to 11, of which the first few are near. */
  private static List<Neighbour> neighbours(int near) {
    return IntStream.range(0, Math.max(near, Truth.NEAREST))
        .mapToObj(row -> new Neighbour(row, row < near ? 1 : 1.5))
        .toList();
  }

  private static Recall recall(int near, int... answer) {
    return Recall.of(List.of(answer), new Truth(List.of(neighbours(near))), 1.25, 10);
  }

  @Test
  void allThatIsRightIsOne() {
    assertThat(recall(3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)).isEqualTo(new Recall(1, 1, 1));
  }

  @Test
  void whatIsMissingIsCountedInItsOwnShare() {
    Recall recall = recall(4, 1, 2, 3, 40, 41, 42, 43, 44, 45, 46);

    assertThat(recall).isEqualTo(new Recall(0.75, 0, 0.3));
  }

  @Test
  void ofMoreNearFacesThanAnAnswerHoldsTheNearestCount() {
    assertThat(recall(12, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9).within()).isEqualTo(1);
    assertThat(recall(12, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11).within()).isEqualTo(0.8);
  }

  @Test
  void aQueryWithNobodyNearSaysNothingOfNearFaces() {
    Truth truth = new Truth(List.of(neighbours(0), neighbours(3)));

    Recall recall = Recall.of(List.of(new int[0], new int[] {0}), truth, 1.25, 10);

    assertThat(recall.within()).isCloseTo(1 / 3.0, within(1e-9));
    assertThat(recall.at1()).isEqualTo(0.5);
    assertThat(recall.at10()).isEqualTo(0.05);
  }
}
