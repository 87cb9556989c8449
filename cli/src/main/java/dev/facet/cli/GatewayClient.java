package dev.facet.cli;

import dev.facet.proto.v1.CollectionServiceGrpc;
import dev.facet.proto.v1.CollectionServiceGrpc.CollectionServiceBlockingStub;
import dev.facet.proto.v1.FaceServiceGrpc;
import dev.facet.proto.v1.FaceServiceGrpc.FaceServiceBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractBlockingStub;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Calls the gateway, each call with a deadline and repeated while the gateway is away. */
final class GatewayClient implements AutoCloseable {

  private static final int MAX_ANSWER_BYTES = 64 << 20;
  private static final Duration HEALTH_DEADLINE = Duration.ofSeconds(5);

  private final String address;
  private final Duration timeout;
  private final Retries retries;
  private final ManagedChannel channel;

  /**
   * Opens no connection yet.
   *
   * @param address host:port
   * @param timeout longest wait for one answer
   */
  GatewayClient(String address, Duration timeout, Retries retries) {
    this.address = address;
    this.timeout = timeout;
    this.retries = retries;
    try {
      this.channel =
          NettyChannelBuilder.forTarget("dns:///" + address)
              .usePlaintext()
              .maxInboundMessageSize(MAX_ANSWER_BYTES)
              .build();
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, "not an address (HOST:PORT): " + address, e);
    }
  }

  /**
   * Calls a method of FaceService.
   *
   * @throws GatewayFailure when it is refused, or patience runs out
   */
  <R> R faces(Function<FaceServiceBlockingStub, R> call) {
    return call(FaceServiceGrpc.newBlockingStub(channel), call);
  }

  /**
   * Calls a method of FaceService about one face of a photo; empty when there is no face, or the
   * photo is none.
   *
   * @throws GatewayFailure when it is refused for another reason, or patience runs out
   */
  <R> Optional<R> face(Function<FaceServiceBlockingStub, R> call) {
    try {
      return Optional.of(faces(call));
    } catch (GatewayFailure e) {
      if (e.aboutPhoto()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Calls a method of CollectionService.
   *
   * @throws GatewayFailure when it is refused, or patience runs out
   */
  <R> R collections(Function<CollectionServiceBlockingStub, R> call) {
    return call(CollectionServiceGrpc.newBlockingStub(channel), call);
  }

  /**
   * Asks once whether the gateway serves.
   *
   * @throws CommandFailure when it cannot be reached or is not ready
   */
  void requireServing() {
    try {
      ServingStatus status =
          HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(HEALTH_DEADLINE.toNanos(), TimeUnit.NANOSECONDS)
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus();
      if (status != ServingStatus.SERVING) {
        throw new CommandFailure(
            ExitCode.UNAVAILABLE, "the gateway at " + address + " is not ready yet");
      }
    } catch (StatusRuntimeException e) {
      throw GatewayFailure.of(e, address);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private <S extends AbstractBlockingStub<S>, R> R call(S stub, Function<S, R> call) {
    long start = System.nanoTime();
    for (int attempts = 1; ; attempts++) {
      try {
        return call.apply(stub.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS));
      } catch (StatusRuntimeException e) {
        GatewayFailure failure = GatewayFailure.of(e, address);
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        Optional<Duration> pause = retries.pause(failure, attempts, elapsed);
        if (pause.isEmpty()) {
          throw failure;
        }
        sleep(pause.get());
        // The channel's own pauses between connects grow to minutes.
        channel.resetConnectBackoff();
      }
    }
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.interrupted();
    }
  }
}
