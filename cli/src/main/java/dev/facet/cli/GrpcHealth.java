package dev.facet.cli;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A service of ours is ready when its health says SERVING. */
final class GrpcHealth implements Readiness {

  private static final Duration DEADLINE = Duration.ofSeconds(1);

  private final ManagedChannel channel;

  /** Asks at a port of this machine. */
  GrpcHealth(int port) {
    this.channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  @Override
  public boolean serving() {
    try {
      return HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(DEADLINE.toNanos(), TimeUnit.NANOSECONDS)
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus()
          == ServingStatus.SERVING;
    } catch (StatusRuntimeException e) {
      channel.resetConnectBackoff();
      return false;
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
