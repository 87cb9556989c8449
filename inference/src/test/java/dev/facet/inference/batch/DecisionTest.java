package dev.facet.inference.batch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The choice between running and waiting, as a table. */
class DecisionTest {

  @ParameterizedTest(name = "{0} queued, due at {1}, now {2}: run {3}, wait {4}")
  @CsvSource({
    // queued, due, now, run, wait
    "1, 100, 100, 1, 0", // due now
    "1, 100, 250, 1, 0", // overdue: aged behind a busy runner
    "1, 100, 40, 0, 60",
    "7, 100, 99, 0, 1", // one short of full still waits
    "8, 100, 40, 8, 0", // full
    "9, 100, 40, 8, 0", // more than full
    "3, 100, 100, 3, 0",
    "1, -9223372036854775000, 9223372036854775000, 0, 1616", // nanoTime wrapped in between
  })
  void runsWhatIsFullOrDue(int queued, long due, long now, int run, long wait) {
    Decision expected = run > 0 ? new Decision.Run(run) : new Decision.Wait(wait);
    assertThat(Decision.of(/* maxBatch= */ 8, queued, due, now)).isEqualTo(expected);
  }
}
