package dev.facet.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.facet.proto.type.v1.Image;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Open and closed loops over loopback, against a server whose service time is known. */
class LoopTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Lateness that is never exceeded: these tests are about what is recorded, on any machine. */
  private static final double ANY = 1e9;

  private static Trial.Settings settings(Duration warmup, Duration length, double limitMs) {
    return new Trial.Settings(
        warmup,
        length,
        Duration.ofMillis(250),
        Duration.ofSeconds(5),
        10_000,
        limitMs,
        1,
        List.of());
  }

  private interface Measurement {
    Run run(Trial trial);
  }

  private static Run measure(FakeServer server, Trial.Settings settings, Measurement measurement) {
    try (Connections connections = new Connections(server.address(), 1, new ChannelOptions());
        Operation operation = detect(connections, settings.timeout())) {
      connections.requireServing();
      return measurement.run(new Trial(operation, settings));
    }
  }

  private static Operation detect(Connections connections, Duration timeout) {
    List<Image> photos = List.of(FakeServer.image(2));
    return new GatewayCalls(connections, new PhotoMix(photos, false, 1), "", timeout).detect();
  }

  private static Result result(Run run) {
    assertThat(run.problems()).isEmpty();
    return Objects.requireNonNull(run.result());
  }

  /** L01: a stall of a second is charged with all the calls that came meanwhile. */
  @Test
  void l01_aStallShowsInThePercentilesOfAnOpenLoop() throws IOException {
    try (FakeServer server = new FakeServer().freezingAt(300, SECOND)) {
      Result result =
          result(
              measure(
                  server,
                  settings(Duration.ZERO, Duration.ofSeconds(5), ANY),
                  trial -> trial.open(Pace.Spread.CONSTANT, 200)));

      assertThat(result.arrivals()).isEqualTo(1000);
      assertThat(result.answered()).isEqualTo(1000);
      // A fifth of the calls came in the stall, evenly: one in twenty of them waited 0.95 s.
      assertThat(result.latency().p99Ms()).isGreaterThan(900);
      assertThat(result.latency().p90Ms()).isGreaterThan(450);
      assertThat(result.latency().maxMs()).isBetween(990.0, 2500.0);
      long calledIn = result.course().stream().mapToLong(Result.Piece::arrivals).min().orElse(0);
      assertThat(calledIn).as("calls due in every quarter of a second").isEqualTo(50);
      assertThat(result.course().stream().filter(piece -> piece.answered() == 0).count())
          .as("quarters of a second without an answer")
          .isBetween(3L, 4L);
      assertThat(result.course().stream().mapToDouble(LoopTest::worst).max().orElse(0))
          .isGreaterThan(990);
    }
  }

  /** L01, with failures: calls that a stall starves to death are not left out of the picture. */
  @Test
  void l01_callsThatDieInAStallCountAsNeverAnswered() throws IOException {
    try (FakeServer server = new FakeServer().freezingAt(100, Duration.ofSeconds(30))) {
      Trial.Settings settings =
          new Trial.Settings(
              Duration.ZERO, SECOND, SECOND, Duration.ofMillis(300), 10_000, ANY, 1, List.of());
      Result result =
          result(measure(server, settings, trial -> trial.open(Pace.Spread.CONSTANT, 200)));

      assertThat(result.answered()).isEqualTo(99);
      assertThat(result.failed()).isEqualTo(101);
      assertThat(result.ofAllArrivals().p99Ms()).isNull();
      assertThat(result.holdsP99(1e6)).isFalse();
      assertThat(result.failures())
          .singleElement()
          .satisfies(row -> assertThat(row.code()).isEqualTo("DEADLINE_EXCEEDED"))
          .satisfies(row -> assertThat(row.p50Ms()).isCloseTo(300, within(100.0)));
    }
  }

  /** L02: the rate is the one that was asked for, or the run claims nothing. */
  @ParameterizedTest
  @ValueSource(ints = {50, 500, 2000})
  void l02_theRateIsExactOrTheRunIsInvalid(int rate) throws IOException {
    try (FakeServer server = new FakeServer()) {
      Run run =
          measure(
              server,
              settings(Duration.ofMillis(500), Duration.ofSeconds(2), 1),
              trial -> trial.open(Pace.Spread.CONSTANT, rate));

      boolean exact = Math.abs(run.lateness().sent() - 2L * rate) <= 2 + 0.01 * 2 * rate;
      boolean punctual = run.lateness().p99Ms() < 1;
      if (exact && punctual) {
        Result result = result(run);
        assertThat(result.arrivals()).isEqualTo(2L * rate);
        assertThat(result.answeredPerSecond()).isCloseTo(rate, within(0.01 * rate));
      } else {
        assertThat(run.valid()).isFalse();
        assertThat(run.result()).isNull();
      }
      assertThat(server.calls()).as("with the warm-up").isEqualTo(rate * 5L / 2);
    }
  }

  /** L02: an operation that holds the sender up makes it late, and it says so. */
  @Test
  void l02_aGeneratorThatIsLateClaimsNothing() {
    Operation slow =
        new Operation() {
          @Override
          public void start(long number, Consumer<Outcome> ended) {
            long until = System.nanoTime() + 3_000_000;
            while (System.nanoTime() - until < 0) {
              Thread.onSpinWait();
            }
            ended.accept(Outcome.answered(1));
          }

          @Override
          public void close() {}
        };

    Run run = new Trial(slow, settings(Duration.ZERO, SECOND, 1)).open(Pace.Spread.CONSTANT, 1000);

    assertThat(run.valid()).isFalse();
    assertThat(run.result()).isNull();
    assertThat(run.problems())
        .anySatisfy(problem -> assertThat(problem).startsWith("the generator was late: one send"))
        .anySatisfy(problem -> assertThat(problem).startsWith("the generator was late: it sent"));
    assertThat(run.lateness().laterThan10Ms()).isGreaterThan(0.9);
  }

  /** L03: beyond capacity the plan is kept, and what it costs is told. */
  @Test
  void l03_moreThanTheServerCanServeIsLateOrFailedNotLess() throws IOException {
    try (FakeServer server = new FakeServer().oneAtATime(Duration.ofMillis(10))) {
      Trial.Settings settings =
          new Trial.Settings(
              Duration.ZERO,
              Duration.ofSeconds(2),
              SECOND,
              Duration.ofMillis(600),
              10_000,
              ANY,
              1,
              List.of());
      Result result =
          result(measure(server, settings, trial -> trial.open(Pace.Spread.CONSTANT, 400)));

      assertThat(result.arrivals()).isEqualTo(800);
      assertThat(result.answered() + result.failed()).isEqualTo(800);
      // The queue is 600 ms long after 800 ms / 4; whoever comes later is not served in time.
      assertThat(result.answered()).isBetween(50L, 100L);
      assertThat(result.latency().p99Ms()).isBetween(400.0, 700.0);
      assertThat(result.failures())
          .extracting(Result.FailureRow::code)
          .containsExactly("DEADLINE_EXCEEDED");
      assertThat(result.ofAllArrivals().p50Ms()).isNull();
    }
  }

  /** L03: what finds no room under way has come all the same. */
  @Test
  void l03_callsBeyondTheBoundUnderWayAreCountedAsNotSent() throws IOException {
    try (FakeServer server = new FakeServer().mute()) {
      Trial.Settings settings =
          new Trial.Settings(
              Duration.ZERO, SECOND, SECOND, Duration.ofSeconds(2), 30, ANY, 1, List.of());
      Result result =
          result(measure(server, settings, trial -> trial.open(Pace.Spread.CONSTANT, 200)));

      assertThat(result.arrivals()).isEqualTo(200);
      assertThat(result.answered()).isZero();
      assertThat(result.failures())
          .extracting(Result.FailureRow::code, Result.FailureRow::count)
          .containsExactly(tuple("DEADLINE_EXCEEDED", 30L), tuple("NOT_SENT", 170L));
    }
  }

  /**
   * L05: the same stall is one slow answer to a client that waits, and the report says which it is.
   */
  @Test
  void l05_theSameStallIsOneSlowCallOfAClosedLoop() throws IOException {
    try (FakeServer server =
        new FakeServer().taking(Duration.ofMillis(4)).freezingAt(200, SECOND)) {
      Run closed =
          measure(
              server,
              settings(Duration.ZERO, Duration.ofSeconds(4), ANY),
              trial -> trial.closed(1));
      Result result = result(closed);

      assertThat(result.latency().maxMs()).isGreaterThan(990);
      assertThat(result.latency().p99Ms()).as("blind for the stall").isLessThan(500);
      assertThat(closed.pace().loop()).isEqualTo(Pace.Loop.CLOSED);
      assertThat(closed.pace().toString()).startsWith("closed loop, 1 clients");
      assertThat(Pace.open(Pace.Spread.POISSON, 5).toString()).startsWith("open loop, poisson");
    }
  }

  /** L05: by Little's law, so many clients and such a service time make such a rate. */
  @Test
  void l05_clientsSendAsFastAsTheyAreAnswered() throws IOException {
    try (FakeServer server = new FakeServer().taking(Duration.ofMillis(20))) {
      Result result =
          result(
              measure(
                  server,
                  settings(Duration.ofMillis(300), Duration.ofSeconds(2), ANY),
                  trial -> trial.closed(8)));

      assertThat(result.failed()).isZero();
      assertThat(result.latency().p50Ms()).isCloseTo(21, within(6.0));
      assertThat(result.answeredPerSecond())
          .isCloseTo(8_000 / result.latency().meanMs(), within(30.0));
    }
  }

  @ParameterizedTest
  @EnumSource(Pace.Spread.class)
  void theWarmUpIsNotCounted(Pace.Spread spread) throws IOException {
    // The first calls are slow, and all of them come in the warm-up.
    try (FakeServer server = new FakeServer().freezingAt(1, Duration.ofMillis(400))) {
      Result result =
          result(
              measure(
                  server,
                  settings(Duration.ofSeconds(1), SECOND, ANY),
                  trial -> trial.open(spread, 200)));

      assertThat(result.arrivals()).isBetween(150L, 250L).isLessThan(server.calls());
      assertThat(result.latency().p99Ms()).isLessThan(300);
    }
  }

  private static double worst(Result.Piece piece) {
    Double most = piece.maxMs();
    return most == null ? 0 : most;
  }

  @Test
  void callsThatAreSentOnceMoreAreCountedAsRetriesAndNotAsFailures() throws IOException {
    try (FakeServer server = new FakeServer().awayFor(3);
        Connections connections = new Connections(server.address(), 1, 5, new ChannelOptions());
        Operation operation = detect(connections, Duration.ofSeconds(10))) {
      Run run =
          new Trial(operation, settings(Duration.ZERO, Duration.ofSeconds(2), ANY))
              .open(Pace.Spread.CONSTANT, 20);

      assertThat(result(run).failed()).isZero();
      assertThat(connections.retries()).isEqualTo(3);
    }
  }

  @Test
  void withOneAttemptTheyAreFailures() throws IOException {
    try (FakeServer server = new FakeServer().awayFor(3);
        Connections connections = new Connections(server.address(), 1, 1, new ChannelOptions());
        Operation operation = detect(connections, Duration.ofSeconds(10))) {
      Run run =
          new Trial(operation, settings(Duration.ZERO, Duration.ofSeconds(2), ANY))
              .open(Pace.Spread.CONSTANT, 20);

      assertThat(result(run).failed()).isEqualTo(3);
      assertThat(connections.retries()).isZero();
    }
  }
}
