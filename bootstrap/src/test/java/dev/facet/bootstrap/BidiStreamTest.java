package dev.facet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.Uninterruptibles;
import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BidiStreamTest {
  private static final MethodDescriptor<BytesValue, BytesValue> STREAM =
      EchoService.ECHO.toBuilder().setType(MethodType.BIDI_STREAMING).build();
  private static final BytesValue A = BytesValue.of(ByteString.copyFromUtf8("a"));
  private static final BytesValue B = BytesValue.of(ByteString.copyFromUtf8("b"));

  @Test
  void answerThatIsReadyOvertakesOneThatIsNot() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (TestHost test =
        serving(
            2,
            request -> {
              if (request.equals(A)) {
                Uninterruptibles.awaitUninterruptibly(gate);
              }
              return request;
            })) {
      BlockingClientCall<BytesValue, BytesValue> stream = open(test);
      stream.write(A);
      stream.write(B);
      assertThat(stream.read()).isEqualTo(B);
      gate.countDown();
      assertThat(stream.read()).isEqualTo(A);
      stream.halfClose();
      assertThat(stream.read()).isNull();
    }
  }

  @Test
  void asManyRequestsAsAllowedAreUnderWayAndNoMore() throws Exception {
    int inFlight = 3;
    CyclicBarrier together = new CyclicBarrier(inFlight);
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (TestHost test =
        serving(
            inFlight,
            request -> {
              most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
              meet(together);
              underWay.decrementAndGet();
              return request;
            })) {
      List<BytesValue> requests =
          IntStream.range(0, 50 * inFlight)
              .mapToObj(i -> BytesValue.of(ByteString.copyFromUtf8("" + i)))
              .toList();
      BlockingClientCall<BytesValue, BytesValue> stream = open(test);
      Thread writer = Thread.startVirtualThread(() -> writeAll(stream, requests));
      List<BytesValue> answers = new ArrayList<>();
      for (BytesValue answer = stream.read(); answer != null; answer = stream.read()) {
        answers.add(answer);
      }
      writer.join();
      assertThat(answers).containsExactlyInAnyOrderElementsOf(requests);
      assertThat(most).hasValue(inFlight);
    }
  }

  @Test
  void answeringFunctionThatThrowsEndsTheStream() throws Exception {
    Refusal refusal = Refusal.of(Status.Code.UNAVAILABLE, "EMBEDDER_DOWN", "come again");
    try (TestHost test =
        serving(
            2,
            request -> {
              throw refusal;
            })) {
      BlockingClientCall<BytesValue, BytesValue> stream = open(test);
      stream.write(A);
      assertThatThrownBy(stream::read).hasMessage("UNAVAILABLE: come again");
    }
  }

  @Test
  void tooLargeMessageEndsTheStreamAndLetsItsHandlersGo() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (TestHost test = serving(2, request -> untilCancelled(request, left))) {
      BlockingClientCall<BytesValue, BytesValue> stream = open(test);
      stream.write(A);
      stream.write(BytesValue.of(ByteString.copyFrom(new byte[13 << 20])));
      assertThatThrownBy(stream::read)
          .extracting(e -> ErrorTable.standard().refusal(e).reason())
          .isEqualTo("IMAGE_TOO_LARGE");
      left.await();
    }
  }

  @Test
  void streamGivenUpByItsCallerLetsItsHandlersGo() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    try (TestHost test =
        serving(
            2,
            request -> {
              entered.countDown();
              return untilCancelled(request, left);
            })) {
      BlockingClientCall<BytesValue, BytesValue> stream = open(test);
      stream.write(A);
      entered.await();
      stream.cancel("enough", null);
      left.await();
      assertThatThrownBy(stream::read)
          .extracting(e -> Status.fromThrowable(e).getCode())
          .isEqualTo(Status.Code.CANCELLED);
    }
  }

  private static void writeAll(
      BlockingClientCall<BytesValue, BytesValue> stream, List<BytesValue> requests) {
    try {
      for (BytesValue request : requests) {
        stream.write(request);
      }
      stream.halfClose();
    } catch (InterruptedException | StatusException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  private static BytesValue untilCancelled(BytesValue request, CountDownLatch left) {
    CountDownLatch cancelled = new CountDownLatch(1);
    Context.current().addListener(context -> cancelled.countDown(), Runnable::run);
    Uninterruptibles.awaitUninterruptibly(cancelled);
    left.countDown();
    return request;
  }

  private static TestHost serving(int inFlight, UnaryOperator<BytesValue> answer) {
    TestHost test = TestHost.warming();
    test.host()
        .serve(
            ErrorTable.standard(),
            () ->
                ServerServiceDefinition.builder(EchoService.NAME)
                    .addMethod(
                        STREAM,
                        ServerCalls.asyncBidiStreamingCall(
                            answers -> BidiStream.answerEach(answers, inFlight, answer)))
                    .build());
    return test;
  }

  private static BlockingClientCall<BytesValue, BytesValue> open(TestHost test) {
    return ClientCalls.blockingBidiStreamingCall(test.channel(), STREAM, CallOptions.DEFAULT);
  }
}
