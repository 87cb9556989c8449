package dev.facet.bootstrap;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gives a deadline to calls that came without one, so that {@link Context} always has one, and ends
 * the call when it passes, as gRPC itself does at a deadline of the caller. Counts such calls, so
 * that clients without patience of their own are found.
 */
final class DeadlineInterceptor implements ServerInterceptor {
  private final Duration unary;
  private final Duration stream;
  private final ScheduledExecutorService timer;

  private final MeterRegistry meters;

  DeadlineInterceptor(
      Duration unary, Duration stream, ScheduledExecutorService timer, MeterRegistry meters) {
    this.unary = unary;
    this.stream = stream;
    this.timer = timer;
    this.meters = meters;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    if (Context.current().getDeadline() != null) {
      return next.startCall(call, headers);
    }
    count(call.getMethodDescriptor().getFullMethodName());
    boolean streams =
        !call.getMethodDescriptor().getType().clientSendsOneMessage()
            || !call.getMethodDescriptor().getType().serverSendsOneMessage();
    Duration limit = streams ? stream : unary;
    // The server cancels the parent context when the call ends, and with it this one's timer.
    Context context =
        Context.current().withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS, timer);
    context.addListener(
        ended -> {
          if (ended.cancellationCause() instanceof TimeoutException) {
            call.close(Status.DEADLINE_EXCEEDED, new Metadata());
          }
        },
        Runnable::run);
    return Contexts.interceptCall(context, call, headers, next);
  }

  private void count(String method) {
    Counter.builder("facet.calls.without.deadline")
        .description("Calls that came without a deadline and got the server's")
        .tag("grpc.method", method)
        .register(meters)
        .increment();
  }
}
