package dev.facet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TypeRegistry;
import com.google.rpc.ErrorDetailsProto;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Serial;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client receives when a handler fails, over a real socket. */
@Timeout(60)
class ErrorAnswersTest {
  private static final BytesValue PHOTO = BytesValue.of(ByteString.copyFromUtf8("photo"));

  /** An exception of a service's own, mapped by its table. */
  private static final class QueueFullException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    QueueFullException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  @Test
  void g38_refusalOfAField() {
    assertThat(
            answer(
                Refusal.invalid("image.data", "IMAGE_TRUNCATED", "the image ends too early")
                    .violating("crops[1].width", "must not be zero")))
        .isEqualTo(
            """
            code: 3
            message: "the image ends too early"
            details {
              [type.googleapis.com/google.rpc.ErrorInfo] {
                reason: "IMAGE_TRUNCATED"
                domain: "facet.dev"
              }
            }
            details {
              [type.googleapis.com/google.rpc.BadRequest] {
                field_violations {
                  field: "image.data"
                  description: "the image ends too early"
                }
                field_violations {
                  field: "crops[1].width"
                  description: "must not be zero"
                }
              }
            }
            """);
  }

  @Test
  void g38_sheddingWithAdvice() {
    assertThat(
            answer(
                Refusal.of(Status.Code.UNAVAILABLE, "QUEUE_FULL", "queue 512 of 512")
                    .retryAfter(Duration.ofMillis(1250))))
        .isEqualTo(
            """
            code: 14
            message: "queue 512 of 512"
            details {
              [type.googleapis.com/google.rpc.ErrorInfo] {
                reason: "QUEUE_FULL"
                domain: "facet.dev"
              }
            }
            details {
              [type.googleapis.com/google.rpc.RetryInfo] {
                retry_delay {
                  seconds: 1
                  nanos: 250000000
                }
              }
            }
            """);
  }

  @Test
  void g38_factForPrograms() {
    assertThat(
            answer(
                Refusal.of(Status.Code.UNAVAILABLE, "GALLERY_BEHIND", "stored, not yet found")
                    .with("face_id", "f-1")))
        .isEqualTo(
            """
            code: 14
            message: "stored, not yet found"
            details {
              [type.googleapis.com/google.rpc.ErrorInfo] {
                reason: "GALLERY_BEHIND"
                domain: "facet.dev"
                metadata {
                  key: "face_id"
                  value: "f-1"
                }
              }
            }
            """);
  }

  @Test
  void g38_messageThatIsNoMessage() {
    try (TestHost test = TestHost.serving(request -> request)) {
      byte[] garbage = {10, 127, 0};
      StatusRuntimeException e =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () ->
                  ClientCalls.blockingUnaryCall(
                      test.channel(),
                      EchoService.ECHO.toBuilder(
                              MessageSizeInterceptor.BYTES, MessageSizeInterceptor.BYTES)
                          .build(),
                      CallOptions.DEFAULT,
                      (InputStream) new ByteArrayInputStream(garbage)));
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(ErrorTable.standard().refusal(e).reason()).isEqualTo("INVALID_FIELD");
    }
  }

  @Test
  void pushbackReachesTheRetryPolicyOfTheClient() {
    Metadata trailers =
        failure(
                ErrorTable.standard(),
                Refusal.of(Status.Code.UNAVAILABLE, "QUEUE_FULL", "full")
                    .retryAfter(Duration.ofMillis(200)))
            .getTrailers();
    assertThat(trailers)
        .isNotNull()
        .satisfies(t -> assertThat(t.get(RefusalWire.PUSHBACK_MILLIS)).isEqualTo("200"));
  }

  @Test
  void exceptionOfAServiceIsAnsweredByItsRow() {
    ErrorTable table =
        ErrorTable.standard().with(QueueFullException.class, Status.Code.UNAVAILABLE, "QUEUE_FULL");
    Exception wrapped =
        new ExecutionException(new QueueFullException("queue 8 of 8", new Throwable("inner")));
    Refusal refusal = table.refusal(wrapped);
    assertThat(refusal.reason()).isEqualTo("QUEUE_FULL");
    assertThat(refusal.message()).isEqualTo("queue 8 of 8");
    assertThat(failure(table, new QueueFullException("queue 8 of 8", new Throwable())).getMessage())
        .isEqualTo("UNAVAILABLE: queue 8 of 8");
  }

  @Test
  void refusalOfAServiceBehindIsPassedOnAsItIs() {
    Refusal refusal =
        Refusal.invalid("image.data", "NO_FACE", "no face was found")
            .with("detector", "yunet")
            .retryAfter(Duration.ofSeconds(1));
    StatusRuntimeException behind = failure(ErrorTable.standard(), refusal);
    assertThat(answer(behind)).isEqualTo(answer(refusal));
  }

  @Test
  void addressOfAServiceBehindIsNotTold() {
    String answer =
        answer(
            Status.UNAVAILABLE
                .withDescription("io exception: Connection refused: /10.0.0.7:50052")
                .asRuntimeException());
    assertThat(answer).contains("INTERNAL").doesNotContain("10.0.0.7");
  }

  @Test
  void serviceBehindThatIsAwayHasAReason() throws Exception {
    int nobodysPort;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobodysPort = socket.getLocalPort();
    }
    ManagedChannel behind =
        NettyChannelBuilder.forAddress("127.0.0.1", nobodysPort)
            .usePlaintext()
            .intercept(new Backend("DETECTOR_DOWN", "the detector does not answer"))
            .build();
    try (TestHost test = TestHost.serving(request -> EchoService.call(behind, request))) {
      assertThat(failureOf(test))
          .hasMessage("UNAVAILABLE: the detector does not answer")
          .extracting(e -> ErrorTable.standard().refusal(e).reason())
          .isEqualTo("DETECTOR_DOWN");
    } finally {
      behind.shutdownNow();
    }
  }

  @Test
  void serviceBehindThatDoesNotKnowItsCallerIsAwayAndTheLogSaysWhy() throws Exception {
    Refusal stranger = Refusal.of(Status.Code.UNAUTHENTICATED, "UNAUTHENTICATED", "no token");
    try (TestHost shut = TestHost.serving(ErrorTable.standard(), request -> fail(stranger));
        CapturedLog log = CapturedLog.of(Backend.class)) {
      Channel behind =
          ClientInterceptors.intercept(
              shut.channel(), new Backend("DETECTOR_DOWN", "the detector does not answer"));
      try (TestHost test = TestHost.serving(request -> EchoService.call(behind, request))) {
        assertThat(failureOf(test)).hasMessage("UNAVAILABLE: the detector does not answer");
      }
      assertThat(log.text()).contains("DETECTOR_DOWN", "UNAUTHENTICATED no token");
    }
  }

  @Test
  void methodNotBuiltSaysSoByName() {
    try (TestHost test = TestHost.warming()) {
      test.host()
          .serve(
              ErrorTable.standard(),
              () ->
                  ServerServiceDefinition.builder(EchoService.NAME)
                      .addMethod(
                          EchoService.ECHO,
                          ServerCalls.asyncUnaryCall(
                              (request, observer) ->
                                  ServerCalls.asyncUnimplementedUnaryCall(
                                      EchoService.ECHO, observer)))
                      .build());
      assertThat(failureOf(test))
          .hasMessage("UNIMPLEMENTED: facet.test.Echo/Echo is not built yet")
          .extracting(e -> ErrorTable.standard().refusal(e).reason())
          .isEqualTo("NOT_BUILT");
    }
  }

  @Test
  void errorGivenToTheObserverIsAnsweredLikeAThrownOne() {
    Refusal refusal = Refusal.of(Status.Code.NOT_FOUND, "FACE_NOT_FOUND", "no face f-1");
    try (TestHost test = TestHost.warming()) {
      test.host()
          .serve(
              ErrorTable.standard(),
              () ->
                  ServerServiceDefinition.builder(EchoService.NAME)
                      .addMethod(
                          EchoService.ECHO,
                          ServerCalls.asyncUnaryCall(
                              (request, observer) -> observer.onError(refusal)))
                      .build());
      assertThat(failureOf(test)).hasMessage("NOT_FOUND: no face f-1");
      assertThat(test.admin("/metrics").body())
          .contains(
              "facet_refusals_total{grpc_method=\"facet.test.Echo/Echo\","
                  + "reason=\"FACE_NOT_FOUND\",service=\"test\"} 1");
    }
  }

  @Test
  void g39_accidentLeaksNothingButAnId() {
    NullPointerException accident = new NullPointerException("/srv/secret/weights.onnx is null");
    try (CapturedLog log = CapturedLog.of(ErrorTable.class)) {
      StatusRuntimeException e = failure(ErrorTable.standard(), accident);
      Matcher message =
          Pattern.compile("INTERNAL: internal error ([0-9a-f]{8})").matcher(e.getMessage());
      assertThat(message.matches()).as(e.getMessage()).isTrue();
      assertThat(String.valueOf(e.getTrailers()))
          .doesNotContain("secret", "NullPointer", "dev.facet");
      assertThat(String.valueOf(StatusProto.fromThrowable(e)))
          .doesNotContain("secret", "NullPointer", "java");
      assertThat(log.text()).contains(message.group(1), "NullPointerException", "weights.onnx");
    }
  }

  @Test
  void errorOfTheJvmIsAnsweredToo() {
    assertThat(failure(ErrorTable.standard(), new StackOverflowError()).getMessage())
        .startsWith("INTERNAL: internal error");
  }

  private static StatusRuntimeException failure(ErrorTable table, Throwable thrown) {
    try (TestHost test = TestHost.serving(table, request -> fail(thrown))) {
      return failureOf(test);
    }
  }

  private static StatusRuntimeException failureOf(TestHost test) {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> EchoService.call(test.channel(), PHOTO));
  }

  private static String answer(Throwable thrown) {
    StatusRuntimeException e = failure(ErrorTable.standard(), thrown);
    return TextFormat.printer()
        .usingTypeRegistry(
            TypeRegistry.newBuilder()
                .add(ErrorDetailsProto.getDescriptor().getMessageTypes())
                .build())
        .printToString(StatusProto.fromThrowable(e));
  }

  private static BytesValue fail(Throwable thrown) {
    switch (thrown) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalArgumentException("Handlers throw no checked exceptions", thrown);
    }
  }
}
