package dev.facet.gateway.register;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.gateway.register.Step.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryTest {
  private static Step step(Kind kind, int version, long begun, long ended) {
    return new Step(kind, version, true, begun, ended);
  }

  private static Step failed(Kind kind, int version, long begun) {
    return new Step(kind, version, false, begun, Long.MAX_VALUE);
  }

  private static boolean explained(Step... steps) {
    return History.isLinearizable(List.of(steps));
  }

  @Test
  void stepsOneAfterTheOtherMustBeThoseOfARegister() {
    Step enrolled = step(Kind.ENROLLED, 1, 0, 1);
    Step deleted = step(Kind.DELETED, 0, 2, 3);
    assertThat(explained(step(Kind.READ, 0, 0, 1), step(Kind.NEVER_WAS, 0, 2, 3))).isTrue();
    assertThat(explained(enrolled, step(Kind.READ, 1, 2, 3))).isTrue();
    assertThat(explained(enrolled, step(Kind.READ, 0, 2, 3))).isFalse();
    assertThat(explained(enrolled, step(Kind.READ, 2, 2, 3))).isFalse();
    assertThat(explained(enrolled, step(Kind.NEVER_WAS, 0, 2, 3))).isFalse();
    assertThat(explained(enrolled, deleted, step(Kind.READ, 1, 4, 5))).isFalse();
    assertThat(explained(enrolled, deleted, step(Kind.READ, 0, 4, 5))).isTrue();
    assertThat(explained(enrolled, deleted, step(Kind.DELETED, 0, 4, 5))).isTrue();
    assertThat(explained(enrolled, step(Kind.REFUSED, 2, 2, 3))).isTrue();
    assertThat(explained(enrolled, deleted, step(Kind.REFUSED, 2, 4, 5))).isFalse();
    assertThat(explained(enrolled, step(Kind.ENROLLED, 2, 2, 3))).isFalse();
  }

  @Test
  void stepsAtTheSameTimeMayComeInEitherOrder() {
    Step enrolled = step(Kind.ENROLLED, 1, 0, 10);
    assertThat(explained(enrolled, step(Kind.READ, 0, 1, 9))).isTrue();
    assertThat(explained(enrolled, step(Kind.READ, 1, 1, 9))).isTrue();
    // But once one has seen it, a later one must.
    assertThat(explained(enrolled, step(Kind.READ, 1, 1, 2), step(Kind.READ, 0, 3, 4))).isFalse();
  }

  @Test
  void failedStepMayHaveHappenedLaterOrNever() {
    Step lost = failed(Kind.ENROLLED, 1, 0);
    assertThat(explained(lost, step(Kind.READ, 0, 1, 2))).isTrue();
    assertThat(explained(lost, step(Kind.READ, 0, 1, 2), step(Kind.READ, 1, 3, 4))).isTrue();
    assertThat(explained(lost, step(Kind.READ, 1, 1, 2), step(Kind.READ, 0, 3, 4))).isFalse();
    Step undone = failed(Kind.DELETED, 0, 2);
    assertThat(explained(lost, step(Kind.READ, 1, 1, 2), undone, step(Kind.READ, 0, 3, 4)))
        .isTrue();
    assertThat(explained(failed(Kind.ENROLLED, 1, 5), step(Kind.READ, 1, 1, 2))).isFalse();
  }

  @Test
  void versionsAreToldApartByTheirDistance() {
    for (int version = 1; version <= Versions.MAX; version++) {
      double distance = Versions.of("f", 512).squaredDistance(Versions.of("f", version, 512));
      assertThat(Versions.at((float) distance)).isEqualTo(version);
      assertThat(distance).isLessThan(Versions.REACH);
    }
    assertThat(Versions.of("f", 512).squaredDistance(Versions.of("g", 1, 512)))
        .isGreaterThan(Versions.REACH);
  }

  /** As long as histories get: eight clients at once, none of whose steps is in its place. */
  @ParameterizedTest
  @ValueSource(ints = {20, 60})
  void longHistoriesAreCheckedInGoodTime(int steps) {
    List<Step> history = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      Kind kind = List.of(Kind.ENROLLED, Kind.READ, Kind.DELETED).get(i % 3);
      history.add(step(kind, kind == Kind.DELETED ? 0 : i / 3 + 1, 10L * i, 10L * i + 45));
    }
    assertThat(History.isLinearizable(history)).isTrue();
    history.add(step(Kind.READ, 77, 10L * steps, 10L * steps + 1));
    assertThat(History.isLinearizable(history)).isFalse();
  }
}
