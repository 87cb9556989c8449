package dev.facet.cli;

import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides whether a failed call is sent again, and after how long: 100 ms, doubling up to 2 s,
 * never earlier than the service asks for, as long as {@code patience} lasts.
 *
 * <p>Only UNAVAILABLE is repeated: nothing was done, or the service makes the repetition harmless.
 */
record Retries(Duration patience) {

  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(2);

  /**
   * The pause before the next attempt; empty when the failure is final.
   *
   * @param attempts how often the call has been sent
   * @param elapsed since it was first sent
   */
  Optional<Duration> pause(GatewayFailure failure, int attempts, Duration elapsed) {
    if (failure.code() != Status.Code.UNAVAILABLE) {
      return Optional.empty();
    }
    Duration backoff = FIRST.multipliedBy(1L << Math.min(attempts - 1, 10));
    Duration pause = longer(shorter(backoff, LONGEST), failure.retryDelay());
    return elapsed.plus(pause).compareTo(patience) <= 0 ? Optional.of(pause) : Optional.empty();
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
