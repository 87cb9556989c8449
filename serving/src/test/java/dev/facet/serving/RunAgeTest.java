package dev.facet.serving;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What counts as time in a run; nanoseconds are made of seconds here. */
class RunAgeTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void runThatWaitsAgesByTheClock() {
    RunAge age = new RunAge(5 * SECOND);
    assertThat(age.advance(SECOND, 5 * SECOND)).isEqualTo(SECOND);
    assertThat(age.advance(SECOND, 5 * SECOND)).isEqualTo(2 * SECOND);
  }

  @Test
  void runThatWorksAgesByItsProcessorTime() {
    RunAge age = new RunAge(5 * SECOND);
    assertThat(age.advance(SECOND, 6 * SECOND)).isEqualTo(SECOND);
  }

  /** M18: a hundred seconds on a fiftieth of a processor are two in the run. */
  @Test
  void starvedRunHardlyAges() {
    RunAge age = new RunAge(0);
    long nanos = 0;
    for (int second = 1; second <= 100; second++) {
      nanos = age.advance(SECOND, second * SECOND / 50);
    }
    assertThat(nanos).isEqualTo(2 * SECOND);
  }

  @Test
  void whereProcessorTimeIsNotKnownTheClockCounts() {
    RunAge age = new RunAge(-1);
    assertThat(age.advance(SECOND, -1)).isEqualTo(SECOND);
  }
}
