package dev.facet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.gateway.gallery.FaceMatch;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionTest {

  @ParameterizedTest
  @CsvSource({
    // first, second, threshold, margin, decision
    "0.5, 1.5, 1.25, 0,    MATCH",
    "1.25, 1.3, 1.25, 0,   MATCH",
    "1.26, 1.3, 1.25, 0,   UNKNOWN",
    "1.26, 1.3, 1.25, 1,   UNKNOWN",
    "0.5, 0.5, 1.25, 0,    MATCH",
    "0.5, 0.75, 1.25, 0.25, AMBIGUOUS",
    "0.5, 0.76, 1.25, 0.25, MATCH",
    "1.2, 1.4, 1.25, 0.25, AMBIGUOUS"
  })
  void nearestSubjectsDecide(
      float first, float second, float threshold, float margin, Decision decision) {
    assertThat(
            Decision.about(List.of(subject("a", first), subject("b", second)), threshold, margin))
        .isEqualTo(decision);
  }

  @ParameterizedTest
  @CsvSource({"1, MATCH", "2, UNKNOWN"})
  void oneSubjectIsNeverAmbiguous(float distance, Decision decision) {
    assertThat(Decision.about(List.of(subject("a", distance)), 1, 4)).isEqualTo(decision);
  }

  private static FaceMatch subject(String subject, float distance) {
    return new FaceMatch("face-of-" + subject, subject, subject, distance);
  }
}
