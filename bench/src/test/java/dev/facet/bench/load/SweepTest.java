package dev.facet.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SweepTest {

  /** A run with a p99 of so many milliseconds. */
  private static Run run(double rate, double millis, boolean valid) {
    Window window = new Window(0, Duration.ZERO, Duration.ofSeconds(1));
    Recording recording = new Recording(window, Duration.ofSeconds(1));
    recording.arrived(0);
    recording.ended(0, Math.round(millis * 1e6), Outcome.answered(1));
    recording.close();
    return new Run(
        Pace.open(Pace.Spread.POISSON, rate),
        valid,
        valid ? List.of() : List.of("the generator was late"),
        new Lateness.Summary(0, 0, 0, 0, 0, 1),
        new CpuUse(2, 0, null, null, 0),
        valid ? Result.of(recording, window, 1) : null,
        List.of());
  }

  private static Sweep sweep(long most, double punctualUpTo) {
    return Sweep.search(
        new RateSearch(100, 100, most),
        20,
        100,
        // A service whose p99 passes 20 ms at 450 calls/s.
        rate -> run((double) rate, rate / 450.0 * 20, rate <= punctualUpTo));
  }

  @Test
  void theHighestRateThatHoldsIsTheAnswer() {
    Sweep sweep = sweep(10_000, 1e9);

    assertThat(sweep.highestRate()).isEqualTo(400);
    assertThat(sweep.limit()).isEqualTo(Sweep.Limit.SERVICE);
    assertThat(sweep.steps())
        .extracting(step -> (long) step.rate() + (step.held() ? " holds" : " fails"))
        .containsExactly(
            "100 holds", "200 holds", "400 holds", "800 fails", "600 fails", "500 fails");
    assertThat(LoadText.conclusion(sweep))
        .isEqualTo("p99 <= 20 ms holds up to 400 calls/s (in steps of 100)");
  }

  @Test
  void aGeneratorThatWasLateClaimsNothingBeyondWhatItSent() {
    Sweep sweep = sweep(10_000, 250);

    assertThat(sweep.highestRate()).isEqualTo(200);
    assertThat(sweep.limit()).isEqualTo(Sweep.Limit.GENERATOR);
    assertThat(sweep.steps().stream().filter(step -> step.rate() == 400)).as("tries").hasSize(2);
    assertThat(LoadText.conclusion(sweep)).contains("beyond it the generator was late");
  }

  @Test
  void whereAllRatesHoldTheBoundIsTold() {
    Sweep sweep = sweep(300, 1e9);

    assertThat(sweep.highestRate()).isEqualTo(300);
    assertThat(sweep.limit()).isEqualTo(Sweep.Limit.MAX_RATE);
  }
}
