package dev.facet.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** L06: equal builds are not told apart, and unequal ones are. */
class ComparisonTest {

  /** Medians of intervals as they come: skewed, a few of them far out. */
  private static double[] intervals(SplittableRandom random, double median) {
    double[] values = new double[30];
    for (int i = 0; i < values.length; i++) {
      double noise = Math.exp(0.1 * (random.nextDouble() + random.nextDouble() - 1));
      values[i] = median * (random.nextInt(20) == 0 ? 3 * noise : noise);
    }
    return values;
  }

  @Test
  void l06_equalRunsAreNotToldApart() {
    SplittableRandom random = new SplittableRandom(11);
    int told = 0;
    int significant = 0;
    for (int i = 0; i < 2_000; i++) {
      Comparison comparison = Comparison.of("p50 ms", intervals(random, 8), intervals(random, 8));
      told += comparison.different() ? 1 : 0;
      significant += comparison.chance() < 0.05 ? 1 : 0;
    }

    assertThat(told).isLessThanOrEqualTo(2);
    assertThat(significant / 2_000.0)
        .as("the chance is what it says")
        .isCloseTo(0.05, within(0.02));
  }

  @Test
  void l06_aTenthMoreIsToldApart() {
    SplittableRandom random = new SplittableRandom(12);
    int told = 0;
    for (int i = 0; i < 1_000; i++) {
      told +=
          Comparison.of("p50 ms", intervals(random, 8), intervals(random, 8.8)).different() ? 1 : 0;
    }

    assertThat(told).isGreaterThan(980);
  }

  @Test
  void aDifferenceThatIsSureButSmallIsOfNoInterest() {
    SplittableRandom random = new SplittableRandom(13);
    double[] before = random.doubles(30, 10.0, 10.01).toArray();
    double[] now = random.doubles(30, 10.1, 10.11).toArray();

    Comparison comparison = Comparison.of("p50 ms", before, now);

    assertThat(comparison.chance()).isLessThan(1e-6);
    assertThat(comparison.different()).isFalse();
    assertThat(comparison.change()).isCloseTo(0.01, within(0.001));
  }

  @Test
  void equalValuesDifferInNothing() {
    double[] same = {5, 5, 5, 5, 5, 5, 5, 5};

    assertThat(Comparison.of("p50 ms", same, same).chance()).isEqualTo(1);
  }

  /** The same server twice over loopback, and then one that takes twice as long. */
  @Test
  void l06_theSameServerTwiceIsTheSameAndASlowerOneIsNot() throws IOException {
    try (FakeServer server = new FakeServer().taking(Duration.ofMillis(20));
        Connections connections = new Connections(server.address(), 1, new ChannelOptions());
        Operation operation =
            new GatewayCalls(
                    connections,
                    new PhotoMix(List.of(FakeServer.image(2)), false, 1),
                    "",
                    Duration.ofSeconds(5))
                .detect()) {
      connections.requireServing();
      Result first = run(operation);
      Result second = run(operation);
      var _ = server.taking(Duration.ofMillis(40));
      Result slower = run(operation);

      assertThat(Comparison.of(first, second))
          .filteredOn(comparison -> !comparison.measure().equals("p99 ms"))
          .hasSize(2)
          .noneMatch(Comparison::different);
      assertThat(Comparison.of(first, slower))
          .filteredOn(comparison -> comparison.measure().equals("p50 ms"))
          .singleElement()
          .satisfies(comparison -> assertThat(comparison.different()).isTrue())
          .satisfies(comparison -> assertThat(comparison.change()).isCloseTo(1, within(0.3)));
    }
  }

  private static Result run(Operation operation) {
    Trial.Settings settings =
        new Trial.Settings(
            Duration.ofMillis(300),
            Duration.ofSeconds(2),
            Duration.ofMillis(100),
            Duration.ofSeconds(5),
            10_000,
            1e9,
            1,
            List.of());
    return Objects.requireNonNull(
        new Trial(operation, settings).open(Pace.Spread.CONSTANT, 100).result());
  }
}
