package dev.facet.cli;

import dev.facet.proto.v1.AdminServiceGrpc;
import dev.facet.proto.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import dev.facet.proto.v1.CollectionServiceGrpc;
import dev.facet.proto.v1.CollectionServiceGrpc.CollectionServiceBlockingStub;
import dev.facet.proto.v1.FaceServiceGrpc;
import dev.facet.proto.v1.FaceServiceGrpc.FaceServiceBlockingStub;
import dev.facet.proto.v1.Operation;
import dev.facet.proto.v1.OperationServiceGrpc;
import dev.facet.proto.v1.OperationServiceGrpc.OperationServiceBlockingStub;
import dev.facet.proto.v1.OperationState;
import dev.facet.proto.v1.WatchOperationRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.AbstractBlockingStub;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/** Calls the gateway, each call with a deadline and repeated while the gateway is away. */
final class GatewayClient implements AutoCloseable {

  private static final int MAX_ANSWER_BYTES = 64 << 20;
  private static final Duration HEALTH_DEADLINE = Duration.ofSeconds(5);

  private static final Set<OperationState> DONE =
      Set.of(
          OperationState.OPERATION_STATE_SUCCEEDED,
          OperationState.OPERATION_STATE_FAILED,
          OperationState.OPERATION_STATE_CANCELLED);

  private final String address;
  private final Duration timeout;
  private final Retries retries;
  private final ManagedChannel channel;

  /**
   * Opens no connection yet.
   *
   * @param address host:port
   * @param channel how it is called
   * @param key sent with every call, if there is one
   * @param timeout longest wait for one answer
   */
  GatewayClient(
      String address,
      ChannelOptions channel,
      Optional<String> key,
      Duration timeout,
      Retries retries) {
    this.address = address;
    this.timeout = timeout;
    this.retries = retries;
    this.channel =
        channel
            .to(address, key)
            .maxInboundMessageSize(MAX_ANSWER_BYTES)
            .intercept(key.stream().map(KeyOption::sending).toList())
            .build();
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
   * Calls a method of AdminService.
   *
   * @throws GatewayFailure when it is refused, or patience runs out
   */
  <R> R admin(Function<AdminServiceBlockingStub, R> call) {
    return call(AdminServiceGrpc.newBlockingStub(channel), call);
  }

  /**
   * Calls a method of OperationService.
   *
   * @throws GatewayFailure when it is refused, or patience runs out
   */
  <R> R operations(Function<OperationServiceBlockingStub, R> call) {
    return call(OperationServiceGrpc.newBlockingStub(channel), call);
  }

  /**
   * Returns the long job as it is when it is done, however long that takes.
   *
   * @param watcher sees every state on the way
   * @throws GatewayFailure when the gateway is away for longer than patience lasts
   */
  Operation awaitDone(Operation begun, Consumer<Operation> watcher) {
    AtomicReference<Operation> last = new AtomicReference<>(begun);
    watcher.accept(begun);
    while (!DONE.contains(last.get().getState())) {
      operations(stub -> watch(stub, last, watcher));
    }
    return last.get();
  }

  /** Until the job is done, or the deadline of this call has passed. */
  private static Operation watch(
      OperationServiceBlockingStub stub,
      AtomicReference<Operation> last,
      Consumer<Operation> watcher) {
    WatchOperationRequest request =
        WatchOperationRequest.newBuilder()
            .setOperationId(last.get().getOperationId())
            .setAfterRevision(last.get().getRevision())
            .build();
    try {
      stub.watchOperation(request)
          .forEachRemaining(
              response -> {
                last.set(response.getOperation());
                watcher.accept(response.getOperation());
              });
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED) {
        throw e;
      }
    }
    return last.get();
  }

  /** The failure of a long job, as if a call had failed in that way. */
  GatewayFailure failure(com.google.rpc.Status error) {
    return GatewayFailure.of(StatusProto.toStatusRuntimeException(error), address);
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
