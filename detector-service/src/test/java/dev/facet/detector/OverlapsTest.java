package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverlapsTest {
  @Test
  void overlapIsIntersectionOverUnion() {
    Box box = new Box(0, 0, 10, 10);
    assertThat(box.overlap(box)).isEqualTo(1);
    assertThat(box.overlap(new Box(5, 0, 10, 10))).isCloseTo(1 / 3f, within(1e-6f));
    assertThat(box.overlap(new Box(10, 0, 10, 10))).isZero();
    assertThat(box.overlap(new Box(-30, -30, 5, 5))).isZero();
  }

  @Test
  void mostProbableOfOverlappingFacesStays() {
    Face weak = face(0, 0.6f);
    Face strong = face(1, 0.9f);
    Face apart = face(50, 0.7f);
    assertThat(Overlaps.suppress(List.of(weak, strong, apart), 0.3f))
        .containsExactly(strong, apart);
    assertThat(Overlaps.suppress(List.of(weak, strong, apart), 1)).hasSize(3);
  }

  @Test
  void floodOfCandidatesIsBounded() {
    assertThat(Overlaps.suppress(Collections.nCopies(100_000, face(0, 0.5f)), 0)).hasSize(1);
  }

  private static Face face(float x, float score) {
    Point point = new Point(x, 0);
    return new Face(
        new Box(x, 0, 20, 20), new Landmarks(point, point, point, point, point), score, 0);
  }
}
