package dev.facet.bench.load;

import dev.facet.bench.BenchFailure;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Connections to one service; calls take them in turn. */
final class Connections implements AutoCloseable {

  private static final int MAX_ANSWER_BYTES = 64 << 20;
  private static final Duration HEALTH_DEADLINE = Duration.ofSeconds(5);

  /** Requests kept for another attempt; gRPC's own 1 MiB is less than a photo may have. */
  private static final int KEPT_BYTES = 16 << 20;

  private final String address;
  private final List<ManagedChannel> channels = new ArrayList<>();

  /**
   * Opens none yet.
   *
   * @param address host:port
   */
  Connections(String address, int number) {
    this(address, number, 1);
  }

  /**
   * Opens none yet.
   *
   * @param attempts times that a call is sent while the service is unavailable; of more than one,
   *     the replicas that the host's name stands for take turns
   */
  Connections(String address, int number, int attempts) {
    this.address = address;
    try {
      for (int i = 0; i < number; i++) {
        NettyChannelBuilder channel =
            NettyChannelBuilder.forTarget("dns:///" + address)
                .usePlaintext()
                // Whoever hears of an answer only takes the time; another thread would add its own.
                .directExecutor()
                .maxInboundMessageSize(MAX_ANSWER_BYTES);
        if (attempts == 1) {
          channel.disableRetry();
        } else {
          channel.defaultServiceConfig(repeated(attempts)).perRpcBufferLimit(KEPT_BYTES);
        }
        channels.add(channel.build());
      }
    } catch (IllegalArgumentException e) {
      throw new BenchFailure(BenchFailure.USAGE, "not an address (HOST:PORT): " + address);
    }
  }

  /** As JSON would be parsed: every number is a double. */
  private static Map<String, Object> repeated(int attempts) {
    Map<String, Object> everyMethod = Map.of();
    Map<String, Object> retries =
        Map.of(
            "maxAttempts",
            (double) attempts,
            "initialBackoff",
            "0.05s",
            "maxBackoff",
            "1s",
            "backoffMultiplier",
            2.0,
            "retryableStatusCodes",
            List.of("UNAVAILABLE"));
    return Map.of(
        "loadBalancingConfig", List.of(Map.of("round_robin", Map.of())),
        "methodConfig", List.of(Map.of("name", List.of(everyMethod), "retryPolicy", retries)));
  }

  /** The one for the call with this number. */
  Channel channel(long number) {
    return channels.get((int) (number % channels.size()));
  }

  int number() {
    return channels.size();
  }

  /**
   * Asks once whether the service serves, over every connection, so that all of them are open.
   *
   * @throws BenchFailure when it cannot be reached or is not ready
   */
  void requireServing() {
    for (ManagedChannel channel : channels) {
      try {
        ServingStatus status =
            HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(HEALTH_DEADLINE.toNanos(), TimeUnit.NANOSECONDS)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus();
        if (status != ServingStatus.SERVING) {
          throw new BenchFailure(BenchFailure.UNAVAILABLE, address + " is not ready yet");
        }
      } catch (StatusRuntimeException e) {
        throw refused("its health", e);
      }
    }
  }

  /** A call of the preparations that failed, in words. */
  BenchFailure refused(String what, StatusRuntimeException error) {
    Failure failure = Failure.of(error);
    return switch (error.getStatus().getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED ->
          new BenchFailure(
              BenchFailure.UNAVAILABLE,
              failure.reason().isEmpty()
                  ? "no answer from " + address + "; is it up? (facet up starts one)"
                  : address + ", asked for " + what + ": " + failure.reason());
      default ->
          new BenchFailure(
              BenchFailure.REFUSED,
              "%s, asked for %s: %s %s (%s)"
                  .formatted(
                      address,
                      what,
                      failure.code(),
                      failure.reason(),
                      error.getStatus().getDescription()));
    };
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
