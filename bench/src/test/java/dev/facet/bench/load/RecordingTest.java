package dev.facet.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class RecordingTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Window TEN_SECONDS = new Window(1_000, SECOND, Duration.ofSeconds(10));

  private final Recording recording = new Recording(TEN_SECONDS, SECOND);

  private void call(double atSeconds, double millis, Outcome outcome) {
    long due = TEN_SECONDS.measured() + Math.round(atSeconds * 1e9);
    recording.arrived(due);
    recording.ended(due, due + Math.round(millis * 1e6), outcome);
  }

  /** L04: percentiles of a known distribution, spread over all intervals. */
  @Test
  void l04_percentilesAreRightWithinAHundredth() {
    // The inverse of the exponential distribution, at 100,000 quantiles, in a shuffled order.
    int[] order = IntStream.range(0, 100_000).toArray();
    Random random = new Random(5);
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    for (int i = 0; i < order.length; i++) {
      double millis = -20 * Math.log(1 - (order[i] + 0.5) / order.length);
      call(9.999 * i / order.length, millis, Outcome.answered(1));
    }
    recording.close();

    Result result = Result.of(recording, TEN_SECONDS, 1);
    assertThat(result.latency().p50Ms()).isCloseTo(20 * Math.log(2), withinPercentage(1));
    assertThat(result.latency().p90Ms()).isCloseTo(20 * Math.log(10), withinPercentage(1));
    assertThat(result.latency().p99Ms()).isCloseTo(20 * Math.log(100), withinPercentage(1));
    assertThat(result.latency().p999Ms()).isCloseTo(20 * Math.log(1000), withinPercentage(1));
    assertThat(result.latency().meanMs()).isCloseTo(20, withinPercentage(1));
  }

  /** L04: the whole is exactly the sum of its intervals. */
  @Test
  void l04_whatWasRecordedInPiecesIsWhatWasRecordedAtOnce() {
    Histogram atOnce = Recording.histogram();
    Random random = new Random(6);
    for (int i = 0; i < 50_000; i++) {
      long nanos = Math.round(Math.exp(random.nextGaussian() * 2 + 15));
      atOnce.recordValue(nanos);
      call(random.nextDouble() * 9.99, nanos / 1e6, Outcome.answered(random.nextInt(3)));
    }
    recording.close();

    assertThat(recording.answered()).isEqualTo(atOnce);
    Histogram byFaces = Recording.histogram();
    recording.byFaces().values().forEach(byFaces::add);
    assertThat(byFaces).isEqualTo(atOnce);
  }

  @Test
  void aCallBelongsToTheIntervalInWhichItWasDue() {
    call(2.5, 3_000, Outcome.answered(1));
    recording.close();

    List<Result.Piece> course = Result.of(recording, TEN_SECONDS, 1).course();
    assertThat(course.get(2).arrivals()).isEqualTo(1);
    assertThat(course.get(2).answered()).isZero();
    assertThat(course.get(2).p50Ms()).isCloseTo(3_000, withinPercentage(1));
    assertThat(course.get(5).answered()).isEqualTo(1);
    assertThat(course.get(5).p50Ms()).isNull();
  }

  @Test
  void theWarmUpAndWhatIsDueAfterTheEndAreNotCounted() {
    call(-0.001, 50, Outcome.answered(1));
    call(10, 50, Outcome.answered(1));
    recording.close();

    assertThat(recording.arrivals()).isZero();
    assertThat(recording.answered().getTotalCount()).isZero();
  }

  @Test
  void failuresAreCountedByCodeAndReasonBesideTheLatencies() {
    call(1, 5, Outcome.answered(2));
    call(1, 1, Outcome.failed(new Failure("UNAVAILABLE", "QUEUE_FULL")));
    call(1, 3, Outcome.failed(new Failure("UNAVAILABLE", "QUEUE_FULL")));
    call(1, 9, Outcome.failed(new Failure("DEADLINE_EXCEEDED", "")));
    recording.close();

    Result result = Result.of(recording, TEN_SECONDS, 1);
    assertThat(result.answered()).isEqualTo(1);
    assertThat(result.failed()).isEqualTo(3);
    assertThat(result.latency().maxMs()).isCloseTo(5, withinPercentage(1));
    assertThat(result.failures())
        .extracting(row -> row.code() + " " + row.reason() + " " + row.count())
        .containsExactly("DEADLINE_EXCEEDED  1", "UNAVAILABLE QUEUE_FULL 2");
    assertThat(result.failures().get(1).share()).isEqualTo(0.5);
    assertThat(result.facesPerSecond()).isEqualTo(0.2);
  }

  @Test
  void aCallThatIsNeverHeardOfHasFailed() {
    recording.arrived(TEN_SECONDS.measured());
    recording.close();
    recording.ended(TEN_SECONDS.measured(), TEN_SECONDS.measured() + 5, Outcome.answered(1));

    Result result = Result.of(recording, TEN_SECONDS, 1);
    assertThat(result.failed()).isEqualTo(1);
    assertThat(result.failures())
        .extracting(Result.FailureRow::code)
        .containsExactly("NEVER_ANSWERED");
  }

  @Test
  void aFailureIsAnAnswerThatNeverComes() {
    for (int i = 1; i <= 97; i++) {
      call(1, i, Outcome.answered(1));
    }
    for (int i = 0; i < 3; i++) {
      call(1, 1, Outcome.failed(Failure.NOT_SENT));
    }
    recording.close();

    Result result = Result.of(recording, TEN_SECONDS, 1);
    assertThat(result.ofAllArrivals().p50Ms()).isCloseTo(50, withinPercentage(1));
    assertThat(result.ofAllArrivals().p90Ms()).isCloseTo(90, withinPercentage(1));
    assertThat(result.ofAllArrivals().p99Ms()).isNull();
    assertThat(result.holdsP99(1_000_000)).isFalse();
  }

  @Test
  void theDistributionHoldsEveryAnswer() {
    List<Double> latencies = new ArrayList<>(List.of(0.09, 1.0, 1.5, 40.0, 40.0, 900.0));
    latencies.forEach(millis -> call(1, millis, Outcome.answered(1)));
    recording.close();

    List<Result.Bin> bins = Result.of(recording, TEN_SECONDS, 1).distribution();
    assertThat(bins.stream().mapToLong(Result.Bin::count).sum()).isEqualTo(6);
    assertThat(bins)
        .filteredOn(bin -> bin.fromMs() <= 40 && 40 < bin.toMs())
        .singleElement()
        .extracting(Result.Bin::count)
        .isEqualTo(2L);
  }
}
