package dev.facet.bench.all;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.bench.all.Finding.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingTest {

  private static final Sample ROUNDS = Sample.of(3, 1, 2);

  @Test
  void theMedianOfTheRoundsDecides() {
    assertThat(Finding.atMost("p", "w", 2, "%.1f", ROUNDS, "").verdict()).isEqualTo(Verdict.MET);
    assertThat(Finding.atMost("p", "w", 1.9, "%.1f", ROUNDS, "").verdict())
        .isEqualTo(Verdict.MISSED);
    assertThat(Finding.atLeast("p", "w", 2, "%.1f", ROUNDS, "").verdict()).isEqualTo(Verdict.MET);
    assertThat(Finding.atLeast("p", "w", 2.1, "%.1f", ROUNDS, "").verdict())
        .isEqualTo(Verdict.MISSED);
  }

  @Test
  void whatIsNotANumberMeetsNothing() {
    Sample nothing = Sample.of(Double.NaN);

    assertThat(Finding.atMost("p", "w", 1, "%.1f", nothing, "").verdict())
        .isEqualTo(Verdict.MISSED);
    assertThat(Finding.atLeast("p", "w", 1, "%.1f", nothing, "").verdict())
        .isEqualTo(Verdict.MISSED);
  }

  @Test
  void figuresAreWrittenInTheirFormat() {
    Finding finding = Finding.atMost("p", "w", 2.5, "%.1f", ROUNDS, "peer");

    assertThat(finding.targetText()).isEqualTo("<= 2.5");
    assertThat(finding.measuredText()).isEqualTo("2.0");
    assertThat(finding.spreadText()).isEqualTo("1.0 to 3.0");
    assertThat(Finding.atLeast("p", "w", 2.5, "%.1f", Sample.of(7), "").spreadText()).isEmpty();
  }

  @Test
  void whatCouldNotBeMeasuredSaysWhy() {
    Finding finding = Finding.open("gpu", "faces/s", "no GPU here");

    assertThat(finding.verdict()).isEqualTo(Verdict.OPEN);
    assertThat(List.of(finding.targetText(), finding.measuredText(), finding.spreadText()))
        .containsOnly("");
    assertThat(finding.peer()).isEqualTo("no GPU here");
  }
}
