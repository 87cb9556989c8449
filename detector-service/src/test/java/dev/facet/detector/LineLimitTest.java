package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LineLimitTest {
  private final LineLimit limit = new LineLimit(3, 2, 0);

  private String pass(String text, double seconds) {
    long nanos = (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    return new String(
        limit.pass(text.getBytes(StandardCharsets.UTF_8), nanos), StandardCharsets.UTF_8);
  }

  @Test
  void burstGoesOnAndTheRestIsCounted() {
    assertThat(pass("1\n2\n3\n4\n5\n", 0)).isEqualTo("1\n2\n3\n");
    assertThat(limit.passed()).isEqualTo(3);
    assertThat(limit.kept()).isEqualTo(2);
  }

  @Test
  void nextLineThatGoesOnTellsOfThoseKeptBack() {
    var _ = pass("1\n2\n3\n4\n5\n", 0);
    assertThat(pass("6\n7\n8\n", 1))
        .isEqualTo("(2 more lines of native libraries left out)\n6\n7\n");
    assertThat(pass("9\n", 2)).isEqualTo("(1 more lines of native libraries left out)\n9\n");
  }

  @Test
  void lineInPiecesGoesOneWay() {
    assertThat(pass("one", 0)).isEqualTo("one");
    assertThat(pass(" line\n2\n3\nnot th", 0)).isEqualTo(" line\n2\n3\n");
    assertThat(pass("is one\nbut this\n", 0.5))
        .isEqualTo("(1 more lines of native libraries left out)\nbut this\n");
  }

  @Test
  void silenceGivesNoMoreThanTheBurst() {
    assertThat(pass("1\n2\n3\n4\n5\n", 3_600)).isEqualTo("1\n2\n3\n");
  }
}
