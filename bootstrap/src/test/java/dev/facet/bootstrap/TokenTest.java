package dev.facet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import dev.facet.bootstrap.access.ChannelAccess;
import dev.facet.bootstrap.access.ChannelTlsSettings;
import dev.facet.bootstrap.access.TokenSettings;
import dev.facet.bootstrap.access.WatchedFiles;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
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
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** G45: the token that services share is demanded before a request is read. */
@Timeout(60)
class TokenTest {
  private static final String OLD = "0123456789abcdef";
  private static final String NEW = "fedcba9876543210";
  private static final BytesValue PHOTO =
      BytesValue.of(ByteString.copyFrom(new byte[10 * 1024 * 1024]));

  private final AtomicInteger handled = new AtomicInteger();
  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void write() {
    file = TestAuthority.write(folder.resolve("token"), OLD + "\n");
  }

  @Test
  void callWithTheTokenIsAnswered() {
    try (TestHost test = serving()) {
      assertThat(code(test, "Bearer " + OLD)).isEqualTo(Status.Code.OK);
      assertThat(code(test, "bearer " + OLD)).isEqualTo(Status.Code.OK);
      assertThat(handled).hasValue(2);
    }
  }

  @Test
  void g45_callWithAnotherOrNoneIsNot() {
    try (TestHost test = serving()) {
      for (String wrong :
          new String[] {
            "", "Bearer ", OLD, "Basic " + OLD, "Bearer " + NEW, "Bearer " + OLD + "0"
          }) {
        StatusRuntimeException e =
            catchThrowableOfType(StatusRuntimeException.class, () -> call(test, wrong));
        assertThat(e.getStatus().getCode()).as(wrong).isEqualTo(Status.Code.UNAUTHENTICATED);
        Refusal refusal = ErrorTable.standard().refusal(e);
        assertThat(refusal.reason()).isEqualTo("UNAUTHENTICATED");
        assertThat(refusal.message()).doesNotContain(OLD);
      }
      assertThat(handled).hasValue(0);
      assertThat(test.admin("/metrics").body()).contains("reason=\"UNAUTHENTICATED\"");
    }
  }

  @Test
  void g45_refusalDoesNotWaitForTheRequest() throws Exception {
    String method = EchoService.ECHO.getFullMethodName();
    try (TestHost test = serving();
        RawHttp2 client = new RawHttp2(test.host().grpcPort())) {
      RawHttp2.Call call = client.call(method, "");
      call.announce(PHOTO.getSerializedSize());
      assertThat(call.status().get()).isEqualTo("16");
      assertThat(test.host().meters().get("facet.requests.bytes").gauge().value()).isZero();
    }
  }

  @Test
  void healthNeedsNoToken() {
    try (TestHost test = serving()) {
      assertThat(
              HealthGrpc.newBlockingStub(test.channel())
                  .check(HealthCheckRequest.getDefaultInstance())
                  .getStatus())
          .isEqualTo(ServingStatus.SERVING);
    }
  }

  @Test
  void g41_reflectionNeedsTheTokenToo() throws Exception {
    try (TestHost test = serving()) {
      BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> call =
          ServerReflectionGrpc.newBlockingV2Stub(test.channel()).serverReflectionInfo();
      call.write(ServerReflectionRequest.newBuilder().setListServices("").build());
      assertThatThrownBy(call::read).hasMessageContaining("UNAUTHENTICATED");
    }
  }

  @Test
  void tokensAreReplacedOneAfterTheOther() throws Exception {
    try (TestHost test = serving()) {
      TestAuthority.write(file, OLD + "\n" + NEW + "\n");
      await(test, "Bearer " + NEW, Status.Code.OK);
      assertThat(code(test, "Bearer " + OLD)).isEqualTo(Status.Code.OK);
      TestAuthority.write(file, NEW);
      await(test, "Bearer " + OLD, Status.Code.UNAUTHENTICATED);
      assertThat(code(test, "Bearer " + NEW)).isEqualTo(Status.Code.OK);
    }
  }

  @Test
  void emptiedFileLetsNobodyElseIn() throws Exception {
    try (TestHost test = serving();
        CapturedLog log = CapturedLog.of(WatchedFiles.class)) {
      TestAuthority.write(file, "\n");
      while (log.text().isBlank()) {
        Thread.sleep(5);
      }
      assertThat(code(test, "Bearer ")).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(code(test, "Bearer " + OLD)).isEqualTo(Status.Code.OK);
      assertThat(log.text()).contains("access.token-file").doesNotContain(OLD);
    }
  }

  @Test
  void shortTokenStopsTheStart() {
    TestAuthority.write(file, "secret");
    assertThatThrownBy(this::serving)
        .isInstanceOf(StartException.class)
        .hasMessageContaining("access.token-file")
        .hasMessageContaining("16")
        .hasMessageNotContaining("secret ");
  }

  @Test
  void channelSendsTheTokenThatIsFirstNow() throws Exception {
    try (TestHost test = serving();
        WatchedFiles files = new WatchedFiles(Duration.ofMillis(20), new SimpleMeterRegistry())) {
      ManagedChannel channel = channel(test, true, files);
      EchoService.call(channel, PHOTO);
      TestAuthority.write(file, NEW + "\n");
      await(test, "Bearer " + OLD, Status.Code.UNAUTHENTICATED);
      boolean sent = false;
      while (!sent) {
        try {
          EchoService.call(channel, PHOTO);
          sent = true;
        } catch (StatusRuntimeException e) {
          assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
      }
      channel.shutdownNow();
    }
  }

  @Test
  void channelKeepsTheTokenToItselfWithoutTls() {
    try (TestHost test = serving();
        WatchedFiles files = new WatchedFiles(Duration.ofMillis(20), new SimpleMeterRegistry())) {
      ManagedChannel channel = channel(test, false, files);
      assertThatThrownBy(() -> EchoService.call(channel, PHOTO))
          .hasMessageContaining("not sent without TLS");
      assertThat(handled).hasValue(0);
      channel.shutdownNow();
    }
  }

  private ManagedChannel channel(TestHost test, boolean plaintext, WatchedFiles files) {
    ChannelTlsSettings none =
        new ChannelTlsSettings(Optional.empty(), Optional.empty(), Optional.empty());
    return Grpc.newChannelBuilder(
            "127.0.0.1:" + test.host().grpcPort(),
            ChannelAccess.open(
                "backend", none, Optional.of(file), plaintext, files, new SimpleMeterRegistry()))
        .build();
  }

  private TestHost serving() {
    return TestHost.serving(
        new TokenSettings(Optional.of(file), false),
        ErrorTable.standard(),
        this::handle,
        "tls.reload-every=20ms");
  }

  private BytesValue handle(BytesValue request) {
    handled.incrementAndGet();
    return BytesValue.getDefaultInstance();
  }

  private static void await(TestHost test, String authorization, Status.Code wanted)
      throws InterruptedException {
    while (code(test, authorization) != wanted) {
      Thread.sleep(5); // a file tells nobody
    }
  }

  private static Status.Code code(TestHost test, String authorization) {
    try {
      call(test, authorization);
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  private static void call(TestHost test, String authorization) {
    Metadata headers = new Metadata();
    if (!authorization.isEmpty()) {
      headers.put(
          Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
    }
    Channel channel =
        ClientInterceptors.intercept(
            test.channel(), MetadataUtils.newAttachHeadersInterceptor(headers));
    EchoService.call(channel, PHOTO);
  }
}
