package dev.facet.bootstrap;

import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;

/**
 * Joins a generated stub, which answers through an observer, to a handler that returns.
 *
 * <pre>{@code
 * @Override
 * public void detect(DetectRequest request, StreamObserver<DetectResponse> observer) {
 *   Unary.answer(observer, () -> detect(request));
 * }
 * }</pre>
 *
 * <p>The handler runs on a virtual thread of its own and may block. It throws what it likes: the
 * exception leaves through the stub and the host's {@link ErrorTable} turns it into the answer, so
 * nothing is caught here.
 */
public final class Unary {
  private Unary() {}

  public static <T> void answer(StreamObserver<T> observer, Supplier<? extends T> handler) {
    observer.onNext(handler.get());
    observer.onCompleted();
  }
}
