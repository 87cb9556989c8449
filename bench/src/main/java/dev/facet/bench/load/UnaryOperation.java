package dev.facet.bench.load;

import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** One call for each request. */
final class UnaryOperation<Q, R> implements Operation {

  private final Connections connections;
  private final MethodDescriptor<Q, R> method;
  private final LongFunction<Q> request;
  private final Function<R, Outcome> read;
  private final Duration timeout;

  /**
   * Sends nothing yet.
   *
   * @param request from the number of a call to what is sent
   * @param read what an answer says
   * @param timeout deadline of a call
   */
  UnaryOperation(
      Connections connections,
      MethodDescriptor<Q, R> method,
      LongFunction<Q> request,
      Function<R, Outcome> read,
      Duration timeout) {
    this.connections = connections;
    this.method = method;
    this.request = request;
    this.read = read;
    this.timeout = timeout;
  }

  @Override
  public void start(long number, Consumer<Outcome> ended) {
    ClientCall<Q, R> call =
        connections
            .channel(number)
            .newCall(
                method,
                connections
                    .callOptions()
                    .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS));
    ClientCalls.asyncUnaryCall(
        call,
        request.apply(number),
        new StreamObserver<R>() {
          private @Nullable Outcome outcome;

          @Override
          public void onNext(R answer) {
            outcome = read.apply(answer);
          }

          @Override
          public void onError(Throwable error) {
            ended.accept(Outcome.failed(Failure.of(error)));
          }

          @Override
          public void onCompleted() {
            ended.accept(outcome == null ? Outcome.answered(0) : outcome);
          }
        });
  }

  @Override
  public void close() {}
}
