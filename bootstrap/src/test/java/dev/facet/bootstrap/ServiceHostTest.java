package dev.facet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.Uninterruptibles;
import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServiceHostTest {
  private static final BytesValue PHOTO = BytesValue.of(ByteString.copyFromUtf8("photo"));

  @Test
  void callReachesTheHandlerOnAVirtualThread() {
    try (TestHost test =
        TestHost.serving(
            request -> {
              assertThat(Thread.currentThread().isVirtual()).isTrue();
              return request;
            })) {
      assertThat(EchoService.call(test.channel(), PHOTO)).isEqualTo(PHOTO);
    }
  }

  @Test
  void g09_nothingIsReadyBeforeServe() {
    try (TestHost test = TestHost.warming()) {
      assertThat(health(test, "")).isEqualTo(ServingStatus.NOT_SERVING);
      assertThat(health(test, "readiness")).isEqualTo(ServingStatus.NOT_SERVING);
      assertThat(health(test, "liveness")).isEqualTo(ServingStatus.SERVING);
      assertThat(test.admin("/livez").statusCode()).isEqualTo(200);
      assertThat(test.admin("/readyz").statusCode()).isEqualTo(503);
      assertThat(test.admin("/metrics").body()).contains("jvm_memory_used_bytes");
    }
  }

  @Test
  void g09_callBeforeServeIsToldToComeAgain() {
    try (TestHost test = TestHost.warming()) {
      StatusRuntimeException e = failure(test, PHOTO);
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(refusal(e).reason()).isEqualTo("MODEL_NOT_READY");
    }
  }

  @Test
  void g09_hostAnswersBeforeItIsReadyWhereTheServiceWantsThat() {
    try (TestHost test = TestHost.warming()) {
      test.host().answer(ErrorTable.standard(), new EchoService(request -> request));
      assertThat(EchoService.call(test.channel(), PHOTO)).isEqualTo(PHOTO);
      assertThat(health(test, "readiness")).isEqualTo(ServingStatus.NOT_SERVING);
      assertThat(health(test, EchoService.NAME)).isEqualTo(ServingStatus.NOT_SERVING);

      test.host().ready();
      assertThat(health(test, "readiness")).isEqualTo(ServingStatus.SERVING);
      assertThat(health(test, EchoService.NAME)).isEqualTo(ServingStatus.SERVING);
    }
  }

  @Test
  void g08_everyHealthNameServesAfterServe() {
    try (TestHost test = TestHost.serving(request -> request)) {
      assertThat(health(test, "")).isEqualTo(ServingStatus.SERVING);
      assertThat(health(test, "readiness")).isEqualTo(ServingStatus.SERVING);
      assertThat(health(test, "liveness")).isEqualTo(ServingStatus.SERVING);
      assertThat(health(test, EchoService.NAME)).isEqualTo(ServingStatus.SERVING);
      assertThat(test.admin("/readyz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void g08_unknownHealthNameIsNotFoundAndWatchedAsUnknown() throws Exception {
    try (TestHost test = TestHost.serving(request -> request)) {
      assertThatThrownBy(() -> health(test, "facet.test.Nobody"))
          .hasMessageStartingWith("NOT_FOUND");
      HealthCheckRequest nobody =
          HealthCheckRequest.newBuilder().setService("facet.test.Nobody").build();
      BlockingClientCall<?, io.grpc.health.v1.HealthCheckResponse> watch =
          HealthGrpc.newBlockingV2Stub(test.channel()).watch(nobody);
      assertThat(watch.read().getStatus()).isEqualTo(ServingStatus.SERVICE_UNKNOWN);
      watch.cancel("seen", null);
    }
  }

  @Test
  void g26_tooLargeMessageIsRefusedWithAReasonAndTheConnectionStays() {
    try (TestHost test = TestHost.serving(request -> request)) {
      StatusRuntimeException e = failure(test, bytes(13 << 20));
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(refusal(e).reason()).isEqualTo("IMAGE_TOO_LARGE");
      assertThat(EchoService.call(test.channel(), PHOTO)).isEqualTo(PHOTO);
    }
  }

  @Test
  void g26_messageThatGrowsTooLargeWhenInflatedIsRefusedTheSame() {
    try (TestHost test = TestHost.serving(request -> request)) {
      StatusRuntimeException e =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () ->
                  EchoService.call(
                      test.channel(),
                      EchoService.ECHO,
                      CallOptions.DEFAULT.withCompression("gzip"),
                      bytes(13 << 20)));
      assertThat(refusal(e).reason()).isEqualTo("IMAGE_TOO_LARGE");
    }
  }

  @Test
  void g26_messageBeyondTheTransportsLimitIsCutOffAndTheConnectionStays() {
    try (TestHost test = TestHost.serving(request -> request, "grpc.max-message-bytes=1024")) {
      StatusRuntimeException e = failure(test, bytes(1 << 20));
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(EchoService.call(test.channel(), PHOTO)).isEqualTo(PHOTO);
    }
  }

  @Test
  void g27_tooLargeMetadataIsRefusedAndTheConnectionStays() {
    try (TestHost test = TestHost.serving(request -> request)) {
      Metadata headers = new Metadata();
      headers.put(Metadata.Key.of("large", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(64 << 10));
      assertThat(EchoService.call(test.channel(), PHOTO)).isEqualTo(PHOTO);
      Channel boasting =
          ClientInterceptors.intercept(
              test.channel(), MetadataUtils.newAttachHeadersInterceptor(headers));
      StatusRuntimeException e =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () -> EchoService.call(boasting, EchoService.ECHO, CallOptions.DEFAULT, PHOTO));
      // gRPC's own client ends the call itself, by the limit that the server has told it.
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
      assertThat(EchoService.call(test.channel(), PHOTO)).isEqualTo(PHOTO);
    }
  }

  /** Ours ask every 30 s, and may every 20 s. */
  @Test
  void g28_whoAsksAllTheTimeWhetherWeAreThereIsDisconnected() throws Exception {
    try (TestHost test = TestHost.serving(request -> request);
        RawHttp2 client = new RawHttp2(test.host().grpcPort())) {
      pingUntilDisconnected(client);
      assertThat(client.goAway().get()).isIn(RawHttp2.ENHANCE_YOUR_CALM, RawHttp2.UNHEARD);
      assertThat(EchoService.call(test.channel(), PHOTO)).isEqualTo(PHOTO);
    }
  }

  private static void pingUntilDisconnected(RawHttp2 client) throws InterruptedException {
    try {
      while (!client.goAway().isDone()) {
        client.ping();
        Thread.sleep(10);
      }
    } catch (IOException e) {
      // it was between the two
    }
  }

  @Test
  void largestMessageIsAccepted() {
    int limit = 12 << 20;
    int framing = 5; // the field's tag and the four bytes of its length
    try (TestHost test = TestHost.serving(request -> request)) {
      BytesValue largest = bytes(limit - framing);
      assertThat(largest.getSerializedSize()).isEqualTo(limit);
      assertThat(EchoService.call(test.channel(), largest)).isEqualTo(largest);
    }
  }

  @Test
  void g40_unknownMethodIsUnimplementedAndCountedAsOther() {
    try (TestHost test = TestHost.serving(request -> request)) {
      StatusRuntimeException e =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () ->
                  EchoService.call(
                      test.channel(), EchoService.method("Gr0bbl3"), CallOptions.DEFAULT, PHOTO));
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
      EchoService.call(test.channel(), PHOTO);
      String page = test.admin("/metrics").body();
      assertThat(page)
          .contains(
              "grpc_server_call_duration_seconds_count"
                  + "{grpc_method=\"other\",grpc_status=\"UNIMPLEMENTED\",service=\"test\"} 1")
          .contains(
              "grpc_server_call_duration_seconds_count"
                  + "{grpc_method=\"facet.test.Echo/Echo\",grpc_status=\"OK\",service=\"test\"} 1")
          .doesNotContain("Gr0bbl3");
    }
  }

  @Test
  void g02_callWithoutADeadlineGetsOneAndIsCounted() {
    try (TestHost test =
        TestHost.serving(
            request -> {
              assertThat(Context.current().getDeadline()).isNotNull();
              return request;
            })) {
      assertThat(EchoService.call(test.channel(), PHOTO)).isEqualTo(PHOTO);
      CallOptions hour = CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.HOURS);
      EchoService.call(test.channel(), EchoService.ECHO, hour, PHOTO);
      assertThat(test.admin("/metrics").body())
          .contains(
              "facet_calls_without_deadline_total"
                  + "{grpc_method=\"facet.test.Echo/Echo\",service=\"test\"} 1.0");
    }
  }

  @Test
  void g02_callOfAClientThatWaitsForeverEndsAtTheServersDeadline() {
    CountDownLatch ended = new CountDownLatch(1);
    try (TestHost test =
        TestHost.serving(
            request -> {
              Uninterruptibles.awaitUninterruptibly(ended);
              return request;
            },
            "grpc.unary-deadline=50ms")) {
      StatusRuntimeException e = failure(test, PHOTO);
      ended.countDown();
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      assertThat(refusal(e).reason()).isEqualTo("DEADLINE_PASSED");
      assertThat(test.admin("/metrics").body())
          .contains(
              "facet_refusals_total{grpc_method=\"facet.test.Echo/Echo\","
                  + "reason=\"DEADLINE_PASSED\",service=\"test\"} 1");
    }
  }

  @Test
  void callersDeadlineIsKept() {
    try (TestHost test =
        TestHost.serving(
            request -> {
              long minutes = Context.current().getDeadline().timeRemaining(TimeUnit.MINUTES);
              return BytesValue.of(ByteString.copyFromUtf8(minutes > 30 ? "kept" : "cut"));
            })) {
      CallOptions hour = CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.HOURS);
      assertThat(EchoService.call(test.channel(), EchoService.ECHO, hour, PHOTO).getValue())
          .isEqualTo(ByteString.copyFromUtf8("kept"));
    }
  }

  @Test
  void closingTwiceIsHarmless() {
    TestHost test = TestHost.serving(request -> request);
    test.close();
    test.close();
    assertThatThrownBy(() -> test.admin("/livez")).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void takenPortIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = "" + taken.getLocalPort();
      assertThatThrownBy(() -> TestHost.warming("grpc.port=" + port))
          .isInstanceOf(StartException.class)
          .hasMessageContaining(port)
          .hasMessageContaining("grpc.port")
          .hasMessageContaining("Address already in use");
      assertThatThrownBy(() -> TestHost.warming("admin.port=" + port))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("admin.port");
    }
  }

  @Test
  void reflectionFollowsItsSetting() throws Exception {
    try (TestHost open = TestHost.serving(request -> request);
        TestHost shut = TestHost.serving(request -> request, "grpc.reflection=never")) {
      assertThat(services(open)).contains("grpc.health.v1.Health");
      assertThatThrownBy(() -> services(shut)).hasMessageContaining("UNIMPLEMENTED");
    }
  }

  @Test
  void g41_reflectionIsOffOnAPublicDoorByItself() {
    try (TestHost test =
        TestHost.serving(request -> request, "grpc.host=0.0.0.0", "access.plaintext=true")) {
      assertThat(EchoService.call(test.channel(), PHOTO)).isEqualTo(PHOTO);
      assertThatThrownBy(() -> services(test)).hasMessageContaining("UNIMPLEMENTED");
    }
  }

  private static String services(TestHost test) throws Exception {
    BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> call =
        ServerReflectionGrpc.newBlockingV2Stub(test.channel()).serverReflectionInfo();
    call.write(ServerReflectionRequest.newBuilder().setListServices("").build());
    call.halfClose();
    return String.valueOf(call.read());
  }

  private static ServingStatus health(TestHost test, String service) {
    return HealthGrpc.newBlockingStub(test.channel())
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  private static StatusRuntimeException failure(TestHost test, BytesValue request) {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> EchoService.call(test.channel(), request));
  }

  private static Refusal refusal(StatusRuntimeException e) {
    return ErrorTable.standard().refusal(e);
  }

  private static BytesValue bytes(int count) {
    return BytesValue.of(ByteString.copyFrom(new byte[count]));
  }
}
