package dev.facet.bootstrap;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends a unary call whose request takes too long to arrive, whatever deadline its caller has: who
 * sends a byte now and then would hold the room of a whole picture for as long as it likes.
 */
final class ArrivalInterceptor implements ServerInterceptor {
  private final Duration longest;
  private final ScheduledExecutorService timer;

  ArrivalInterceptor(Duration longest, ScheduledExecutorService timer) {
    this.longest = longest;
    this.timer = timer;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    if (!call.getMethodDescriptor().getType().clientSendsOneMessage()) {
      return next.startCall(call, headers);
    }
    Future<?> end =
        timer.schedule(
            () -> call.close(Status.UNKNOWN.withCause(late()), new Metadata()),
            longest.toNanos(),
            TimeUnit.NANOSECONDS);
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      @Override
      public void onMessage(ReqT message) {
        end.cancel(false);
        super.onMessage(message);
      }

      @Override
      public void onCancel() {
        end.cancel(false);
        super.onCancel();
      }

      @Override
      public void onComplete() {
        end.cancel(false);
        super.onComplete();
      }
    };
  }

  private Refusal late() {
    return Refusal.of(
        Status.Code.DEADLINE_EXCEEDED,
        "DEADLINE_PASSED",
        "the request did not arrive within %d ms".formatted(longest.toMillis()));
  }
}
