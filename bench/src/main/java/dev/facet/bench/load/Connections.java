package dev.facet.bench.load;

import dev.facet.bench.BenchFailure;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientStreamTracer;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
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
import java.util.concurrent.atomic.LongAdder;

/** Connections to one service; calls take them in turn. */
final class Connections implements AutoCloseable {

  private static final int MAX_ANSWER_BYTES = 64 << 20;
  private static final Duration HEALTH_DEADLINE = Duration.ofSeconds(5);

  private final String address;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final LongAdder retries = new LongAdder();
  private final ClientStreamTracer.Factory counter =
      new ClientStreamTracer.Factory() {
        @Override
        public ClientStreamTracer newClientStreamTracer(
            ClientStreamTracer.StreamInfo info, Metadata headers) {
          if (info.getPreviousAttempts() > 0 || info.isTransparentRetry()) {
            retries.increment();
          }
          return new ClientStreamTracer() {};
        }
      };

  /** Opens none yet; a call is sent once. */
  Connections(String address, int number, ChannelOptions options) {
    this(address, number, 1, options);
  }

  /**
   * Opens none yet.
   *
   * @param address host:port
   * @param attempts times that a call is sent before its failure counts, while nobody answers it;
   *     of more than one, the replicas behind the name take turns
   */
  Connections(String address, int number, int attempts, ChannelOptions options) {
    this.address = address;
    for (int i = 0; i < number; i++) {
      channels.add(
          repeating(options.to(address), attempts)
              // Whoever hears of an answer only takes the time; another thread would add its own.
              .directExecutor()
              .maxInboundMessageSize(MAX_ANSWER_BYTES)
              .build());
    }
  }

  /** What is repeated is counted once; {@link #retries} tells how often that was. */
  private static NettyChannelBuilder repeating(NettyChannelBuilder channel, int attempts) {
    if (attempts == 1) {
      return channel.disableRetry();
    }
    // Nearly four seconds in all: a Service of Kubernetes leads to a dead pod for up to two.
    Map<String, Object> policy =
        Map.of(
            "maxAttempts",
            (double) attempts,
            "initialBackoff",
            "0.25s",
            "maxBackoff",
            "2s",
            "backoffMultiplier",
            2.0,
            "retryableStatusCodes",
            List.of("UNAVAILABLE"));
    return channel
        .enableRetry()
        // gRPC's own bounds keep no photo of more than a mebibyte for another attempt.
        .perRpcBufferLimit(MAX_ANSWER_BYTES)
        .retryBufferSize(4L * MAX_ANSWER_BYTES)
        .defaultServiceConfig(
            Map.of(
                "loadBalancingConfig", List.of(Map.of("round_robin", Map.of())),
                "methodConfig", List.of(Map.of("name", List.of(Map.of()), "retryPolicy", policy))));
  }

  /** Options of a call whose repetitions are counted. */
  CallOptions callOptions() {
    return CallOptions.DEFAULT.withStreamTracerFactory(counter);
  }

  /** Times that a call was sent once more. */
  long retries() {
    return retries.sum();
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
