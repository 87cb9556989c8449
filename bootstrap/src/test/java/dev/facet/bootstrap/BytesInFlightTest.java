package dev.facet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.Uninterruptibles;
import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * G24: the bytes of all requests in a process are bounded, while they arrive and while they are
 * answered. Over real connections; waits are for what must come, never for a time.
 */
@Timeout(60)
class BytesInFlightTest {
  private static final String METHOD = EchoService.ECHO.getFullMethodName();
  private static final MethodDescriptor<BytesValue, BytesValue> STREAM =
      EchoService.ECHO.toBuilder().setType(MethodType.BIDI_STREAMING).build();
  private static final int MESSAGE = 1 << 20;
  private static final String[] TWO_MESSAGES = {
    "grpc.max-message-bytes=" + MESSAGE, "grpc.max-bytes-in-flight=" + 2 * MESSAGE
  };
  private static final byte[] PIECE = new byte[16 << 10];
  private static final String OK = "0";
  private static final String RESOURCE_EXHAUSTED = "8";

  @Test
  void uploadThatFindsNoRoomIsRefusedAndTheOthersComplete() throws Exception {
    try (TestHost test =
            TestHost.serving(request -> BytesValue.getDefaultInstance(), TWO_MESSAGES);
        RawHttp2 client = new RawHttp2(test.host().grpcPort())) {
      RawHttp2.Call first = upload(client, 48);
      RawHttp2.Call second = upload(client, 48);
      awaitHeld(test, 94L * PIECE.length);
      RawHttp2.Call third = upload(client, 48);
      assertThat(third.status().get()).isEqualTo(RESOURCE_EXHAUSTED);
      assertThat(test.admin("/metrics").body())
          .contains("facet_refusals_total{grpc_method=\"" + METHOD + "\",reason=\"MEMORY_FULL\"");
      complete(first, 48);
      complete(second, 48);
      assertThat(first.status().get()).isEqualTo(OK);
      assertThat(second.status().get()).isEqualTo(OK);
      awaitNothingHeld(test);
    }
  }

  @Test
  void requestWithoutAPicturePassesWhilePicturesFillTheRest() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (TestHost test = TestHost.serving(waitingForLarge(gate), TWO_MESSAGES);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var large = clients.submit(() -> EchoService.call(test.channel(), bytes(1_000_000)));
      var other = clients.submit(() -> EchoService.call(test.channel(), bytes(1_000_000)));
      awaitHeld(test, 1_900_000);
      assertThat(refusal(test, bytes(500_000)).reason()).isEqualTo("MEMORY_FULL");
      assertThat(EchoService.call(test.channel(), bytes(15_000))).isEqualTo(bytes(15_000));
      gate.countDown();
      large.get();
      other.get();
      awaitNothingHeld(test);
      assertThat(EchoService.call(test.channel(), bytes(500_000))).isEqualTo(bytes(500_000));
    }
  }

  @Test
  void refusalSaysWhenToComeAgain() {
    Refusal full = new BytesInFlight(5_000_000, new SimpleMeterRegistry()).full();
    assertThat(full.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(full.message()).contains("5000000 bytes");
    assertThat(full.retryAfter()).isPresent();
  }

  @Test
  void uploadThatEndsGivesItsBytesBack() throws Exception {
    try (TestHost test = TestHost.serving(request -> request, TWO_MESSAGES);
        RawHttp2 client = new RawHttp2(test.host().grpcPort())) {
      RawHttp2.Call cancelled = upload(client, 40);
      awaitHeld(test, 39L * PIECE.length);
      cancelled.reset();
      awaitNothingHeld(test);

      RawHttp2.Call late = client.call(METHOD, "300m");
      late.announce(MESSAGE);
      late.sendAll(new byte[16_384], false);
      late.sendAll(new byte[16_384], false);
      late.status().get();
      awaitNothingHeld(test);

      try (RawHttp2 dying = new RawHttp2(test.host().grpcPort())) {
        upload(dying, 40);
        awaitHeld(test, 39L * PIECE.length);
      }
      awaitNothingHeld(test);
    }
  }

  @Test
  void handlerThatWorksOnAfterItsCallEndedHoldsItsBytes() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    UnaryOperator<BytesValue> handler =
        request -> {
          started.countDown();
          Uninterruptibles.awaitUninterruptibly(gate);
          return request;
        };
    try (TestHost test = TestHost.serving(handler, TWO_MESSAGES)) {
      var call =
          ClientCalls.futureUnaryCall(
              test.channel().newCall(EchoService.ECHO, CallOptions.DEFAULT), bytes(1_000_000));
      started.await();
      call.cancel(true);
      awaitCalls(test, 0);
      assertThat(value(test, "facet.requests.bytes")).isGreaterThan(900_000);
      gate.countDown();
      awaitNothingHeld(test);
    }
  }

  @Test
  void compressedRequestCountsWhatItIsInflatedTo() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    CallOptions gzip = CallOptions.DEFAULT.withCompression("gzip");
    try (TestHost test = TestHost.serving(waitingForLarge(gate), TWO_MESSAGES);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = clients.submit(() -> call(test, gzip, bytes(1_000_000)));
      var second = clients.submit(() -> call(test, gzip, bytes(1_000_000)));
      awaitHeld(test, 1_900_000);
      StatusRuntimeException e =
          catchThrowableOfType(
              StatusRuntimeException.class, () -> call(test, gzip, bytes(1_000_000)));
      assertThat(ErrorTable.standard().refusal(e).reason()).isEqualTo("MEMORY_FULL");
      gate.countDown();
      first.get();
      second.get();
      awaitNothingHeld(test);
    }
  }

  @Test
  void messageOfAStreamIsGivenBackWhenItIsAnswered() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (TestHost test = TestHost.warming(TWO_MESSAGES)) {
      test.host()
          .serve(
              ErrorTable.standard(),
              () ->
                  ServerServiceDefinition.builder(EchoService.NAME)
                      .addMethod(
                          STREAM,
                          ServerCalls.asyncBidiStreamingCall(
                              answers -> BidiStream.answerEach(answers, 2, waitingForLarge(gate))))
                      .build());
      BlockingClientCall<BytesValue, BytesValue> stream =
          ClientCalls.blockingBidiStreamingCall(test.channel(), STREAM, CallOptions.DEFAULT);
      stream.write(bytes(1_000_000));
      awaitHeld(test, 900_000);
      stream.write(bytes(100_000));
      assertThat(stream.read()).isEqualTo(bytes(100_000));
      gate.countDown();
      assertThat(stream.read()).isEqualTo(bytes(1_000_000));
      awaitNothingHeld(test);
      for (int i = 0; i < 10; i++) {
        stream.write(bytes(1_000_000));
        assertThat(stream.read()).isEqualTo(bytes(1_000_000));
      }
      stream.halfClose();
      assertThat(stream.read()).isNull();
      awaitNothingHeld(test);
    }
  }

  /** Ten thousand pieces of one byte keep ten thousand buffers alive. */
  @Test
  void shortPiecesCountForMoreThanTheyBring() {
    BytesInFlight bytes = new BytesInFlight(1 << 20, new SimpleMeterRegistry());
    Semaphore refused = new Semaphore(0);
    ArrivingRequest request = new ArrivingRequest(bytes);
    request.count(refused::release);
    int pieces = 0;
    while (refused.availablePermits() == 0) {
      request.inboundWireSize(1);
      pieces++;
    }
    assertThat(pieces).isLessThan(5_000);
    assertThat(bytes.held()).isZero();
    request.inboundWireSize(1 << 20);
    request.streamClosed(Status.CANCELLED);
    assertThat(refused.availablePermits()).isEqualTo(1);
    assertThat(bytes.held()).isZero();
  }

  private static UnaryOperator<BytesValue> waitingForLarge(CountDownLatch gate) {
    return request -> {
      if (request.getValue().size() > 500_000) {
        Uninterruptibles.awaitUninterruptibly(gate);
      }
      return request;
    };
  }

  /** A call that has sent so many pieces of a message of {@value #MESSAGE} bytes. */
  private static RawHttp2.Call upload(RawHttp2 client, int pieces) throws Exception {
    RawHttp2.Call call = client.call(METHOD, "");
    call.announce(MESSAGE);
    // The message is one field: its tag, its length, and what is left of it.
    byte[] first = PIECE.clone();
    byte[] field = BytesValue.of(ByteString.copyFrom(new byte[MESSAGE - 4])).toByteArray();
    System.arraycopy(field, 0, first, 0, 4);
    call.sendAll(first, false);
    for (int i = 1; i < pieces; i++) {
      call.sendAll(PIECE, false);
    }
    return call;
  }

  private static void complete(RawHttp2.Call call, int sent) throws Exception {
    for (int i = sent; i < MESSAGE / PIECE.length; i++) {
      call.sendAll(PIECE, i == MESSAGE / PIECE.length - 1);
    }
  }

  private static void awaitHeld(TestHost test, long least) throws Exception {
    while (value(test, "facet.requests.bytes") < least) {
      Thread.sleep(2); // a gauge tells nobody when it moves
    }
  }

  private static void awaitNothingHeld(TestHost test) throws Exception {
    while (value(test, "facet.requests.bytes") > 0) {
      Thread.sleep(2);
    }
  }

  private static void awaitCalls(TestHost test, int calls) throws Exception {
    while (value(test, "grpc.server.call.active") > calls) {
      Thread.sleep(2);
    }
  }

  private static double value(TestHost test, String gauge) {
    return test.host().meters().get(gauge).gauge().value();
  }

  private static Refusal refusal(TestHost test, BytesValue request) {
    StatusRuntimeException e =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> EchoService.call(test.channel(), request));
    return ErrorTable.standard().refusal(e);
  }

  private static BytesValue call(TestHost test, CallOptions options, BytesValue request) {
    return EchoService.call(test.channel(), EchoService.ECHO, options, request);
  }

  private static BytesValue bytes(int count) {
    return BytesValue.of(ByteString.copyFrom(new byte[count]));
  }
}
