package dev.facet.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;

class ArrivalsTest {

  @Test
  void constantArrivalsDoNotDrift() {
    Arrivals arrivals = Arrivals.constant(3);
    long last = 0;
    for (int i = 0; i <= 3_000_000; i++) {
      last = arrivals.next();
    }

    assertThat(last).isEqualTo(1_000_000L * 1_000_000_000L);
  }

  @Test
  void poissonArrivalsHaveTheRateAndTheSpreadOfTheExponential() {
    Arrivals arrivals = Arrivals.poisson(500, 7);
    int number = 200_000;
    double sum = 0;
    double squares = 0;
    long before = 0;
    for (int i = 0; i < number; i++) {
      long at = arrivals.next();
      double gap = (at - before) / 1e6;
      assertThat(gap).isNotNegative();
      sum += gap;
      squares += gap * gap;
      before = at;
    }
    double mean = sum / number;

    assertThat(mean).isCloseTo(2, withinPercentage(1));
    assertThat(Math.sqrt(squares / number - mean * mean)).isCloseTo(2, withinPercentage(2));
  }

  @Test
  void equalSeedsGiveEqualMoments() {
    Arrivals one = Arrivals.poisson(50, 3);
    Arrivals same = Arrivals.poisson(50, 3);
    Arrivals other = Arrivals.poisson(50, 4);
    for (int i = 0; i < 100; i++) {
      long at = one.next();
      assertThat(same.next()).isEqualTo(at);
      assertThat(other.next()).isNotEqualTo(at);
    }
  }
}
