package dev.facet.bootstrap;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import dev.facet.bootstrap.TestAuthority.Issued;
import dev.facet.bootstrap.access.WatchedFiles;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** G42 to G44: TLS, its reloading and client certificates, over real handshakes. */
@Timeout(60)
class TlsTest {
  private static final BytesValue PHOTO = BytesValue.of(ByteString.copyFromUtf8("photo"));

  private final TestAuthority authority = new TestAuthority("servers");
  private final TestAuthority clients = new TestAuthority("clients");
  private final Issued first = authority.issue("127.0.0.1");
  private final Issued second = authority.issue("127.0.0.1");

  @TempDir private Path folder;
  private Path certificate = Path.of("");
  private Path key = Path.of("");

  @BeforeEach
  void write() {
    certificate = folder.resolve("tls.crt");
    key = folder.resolve("tls.key");
    first.write(certificate, key);
  }

  @Test
  void portSpeaksTlsOnly() {
    try (TestHost test = serving()) {
      assertThat(shown(test)).isEqualTo(first.certificate());
      assertThat(codeOf(() -> EchoService.call(test.channel(), PHOTO)))
          .isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(test.admin("/metrics").body())
          .contains("facet_certificate_expiry_seconds")
          .contains("setting=\"tls.certificate\"");
    }
  }

  @Test
  void serverOfAnotherAuthorityOrNameIsNotBelieved() {
    authority.issue("elsewhere.example").write(certificate, key);
    try (TestHost test = serving()) {
      assertThat(codeOf(() -> shown(test))).isEqualTo(Status.Code.UNAVAILABLE);
    }
    clients.issue("127.0.0.1").write(certificate, key);
    try (TestHost test = serving()) {
      assertThat(codeOf(() -> shown(test))).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  @Test
  void fileThatCannotBeUsedStopsTheStartAndIsNamed() {
    TestAuthority.write(key, second.keyPem());
    assertThatThrownBy(this::serving)
        .isInstanceOf(StartException.class)
        .hasMessageContaining("tls.certificate and tls.key")
        .hasMessageContaining(key.toString())
        .hasMessageContaining("not that of the certificate");
    TestAuthority.write(key, "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----");
    assertThatThrownBy(this::serving).hasMessageContaining("PKCS#8");
    authority.expired("127.0.0.1").write(certificate, key);
    assertThatThrownBy(this::serving).hasMessageContaining("NotAfter");
    assertThat(key.toFile().delete()).isTrue();
    assertThatThrownBy(this::serving).hasMessageContaining("NoSuchFile");
  }

  @Test
  void g42_newHandshakesSeeTheNewCertificateAndNoCallFails() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    AtomicBoolean end = new AtomicBoolean();
    try (TestHost test = serving();
        ExecutorService load = Executors.newVirtualThreadPerTaskExecutor()) {
      ManagedChannel old = channel(test);
      assertThat(certificateOf(old)).isEqualTo(first.certificate());
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        boolean anew = i % 2 == 0;
        callers.add(
            load.submit(
                () -> {
                  while (!end.get()) {
                    if (anew) {
                      shown(test);
                    } else {
                      EchoService.call(old, PHOTO);
                    }
                    calls.incrementAndGet();
                  }
                }));
      }
      second.write(certificate, key);
      await(() -> shown(test).equals(second.certificate()));
      int before = calls.get();
      await(() -> calls.get() > before + 50);
      end.set(true);
      for (Future<?> caller : callers) {
        caller.get();
      }
      assertThat(certificateOf(old)).isEqualTo(first.certificate());
      old.shutdownNow();
    }
  }

  @Test
  void g43_truncatedKeyLeavesTheOldPairInUse() throws Exception {
    staysUntilRepaired(
        () -> TestAuthority.write(key, second.keyPem().substring(0, 70)), "not whole unencrypted");
  }

  @Test
  void g43_certificateWithoutItsKeyLeavesTheOldPairInUse() throws Exception {
    staysUntilRepaired(
        () -> TestAuthority.write(certificate, second.pem()), "not that of the certificate");
  }

  @Test
  void g43_missingOrEmptyFileLeavesTheOldPairInUse() throws Exception {
    staysUntilRepaired(() -> assertThat(key.toFile().delete()).isTrue(), "NoSuchFile");
    first.write(certificate, key);
    staysUntilRepaired(() -> TestAuthority.write(certificate, ""), "no certificate");
  }

  private void staysUntilRepaired(Runnable breakage, String words) throws Exception {
    try (TestHost test = serving();
        CapturedLog log = CapturedLog.of(WatchedFiles.class)) {
      breakage.run();
      await(() -> count(test, "facet.reload.failures") >= 3);
      assertThat(shown(test)).isEqualTo(first.certificate());
      assertThat(log.appender().list)
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.getLevel()).isEqualTo(Level.ERROR);
                assertThat(event.getFormattedMessage()).contains("tls.key").contains(words);
              });
      assertThat(test.admin("/metrics").body()).contains("facet_reload_failures_total{");
      second.write(certificate, key);
      await(() -> shown(test).equals(second.certificate()));
      assertThat(count(test, "facet.reloads")).isEqualTo(1);
    }
  }

  @Test
  void g44_clientWithoutAGoodCertificateIsRefusedInTheHandshake() {
    AtomicInteger handled = new AtomicInteger();
    UnaryOperator<BytesValue> handler =
        request -> {
          handled.incrementAndGet();
          return request;
        };
    try (TestHost test = TestHost.serving(handler, mutual())) {
      assertThat(call(test, clients.issue("gateway"))).isEqualTo(Status.Code.OK);
      assertThat(handled).hasValue(1);
      assertThat(codeOf(() -> shown(test))).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(call(test, authority.issue("gateway"))).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(call(test, clients.expired("gateway"))).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(handled).hasValue(1);
    }
  }

  @Test
  void g44_clientOfAnotherNameIsDenied() {
    String[] settings = mutual("tls.client-names=Gateway.facet,spiffe://facet/gateway");
    try (TestHost test = TestHost.serving(request -> request, settings)) {
      assertThat(call(test, clients.issue("gateway.FACET"))).isEqualTo(Status.Code.OK);
      assertThat(call(test, clients.issue("a.b", "spiffe://facet/gateway")))
          .isEqualTo(Status.Code.OK);
      assertThat(call(test, clients.issue("gateway.facet.example")))
          .isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(call(test, clients.issue())).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(call(test, authority.issue("gateway.facet"))).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(test.admin("/metrics").body()).contains("reason=\"PERMISSION_DENIED\"");
    }
  }

  @Test
  void g42_authoritiesOfClientsAreReloaded() throws Exception {
    TestAuthority next = new TestAuthority("next");
    try (TestHost test = TestHost.serving(request -> request, mutual())) {
      Issued later = next.issue("gateway");
      assertThat(call(test, later)).isEqualTo(Status.Code.UNAVAILABLE);
      TestAuthority.write(folder.resolve("clients.crt"), clients.pem() + next.pem());
      await(() -> call(test, later) == Status.Code.OK);
      assertThat(call(test, clients.issue("gateway"))).isEqualTo(Status.Code.OK);
      next.write(folder.resolve("clients.crt"));
      await(() -> call(test, clients.issue("gateway")) == Status.Code.UNAVAILABLE);
      assertThat(call(test, later)).isEqualTo(Status.Code.OK);
    }
  }

  private TestHost serving() {
    return TestHost.serving(request -> request, tls());
  }

  private String[] tls(String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of("tls.certificate=" + certificate, "tls.key=" + key, "tls.reload-every=20ms"));
    settings.addAll(List.of(more));
    return settings.toArray(String[]::new);
  }

  private String[] mutual(String... more) {
    List<String> settings = new ArrayList<>(List.of(tls(more)));
    settings.add("tls.client-authorities=" + clients.write(folder.resolve("clients.crt")));
    return settings.toArray(String[]::new);
  }

  private ManagedChannel channel(TestHost test) {
    return open(test, trusting());
  }

  private TlsChannelCredentials.Builder trusting() {
    try {
      return TlsChannelCredentials.newBuilder().trustManager(stream(authority.pem()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ManagedChannel open(TestHost test, TlsChannelCredentials.Builder credentials) {
    return Grpc.newChannelBuilder("127.0.0.1:" + test.host().grpcPort(), credentials.build())
        .build();
  }

  /** How a call over a connection of its own ends for a client with this certificate. */
  private Status.Code call(TestHost test, Issued client) {
    ManagedChannel channel;
    try {
      channel = open(test, trusting().keyManager(stream(client.pem()), stream(client.keyPem())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      return codeOf(() -> EchoService.call(channel, PHOTO));
    } finally {
      channel.shutdownNow();
    }
  }

  /** The certificate that a new connection is shown. */
  private Certificate shown(TestHost test) {
    ManagedChannel channel = channel(test);
    try {
      return certificateOf(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  private static Certificate certificateOf(ManagedChannel channel) {
    ClientCall<BytesValue, BytesValue> call =
        channel.newCall(EchoService.ECHO, CallOptions.DEFAULT);
    CompletableFuture<Status> end = new CompletableFuture<>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    call.request(1);
    call.sendMessage(PHOTO);
    call.halfClose();
    Status status = end.join();
    if (!status.isOk()) {
      throw status.asRuntimeException();
    }
    try {
      SSLSession session =
          Objects.requireNonNull(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
      return session.getPeerCertificates()[0];
    } catch (SSLPeerUnverifiedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Status.Code codeOf(Runnable call) {
    try {
      call.run();
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  /** Reloads of certificate and key, or failures of that. */
  private static double count(TestHost test, String counter) {
    return test.host()
        .meters()
        .get(counter)
        .tag("setting", "tls.certificate and tls.key")
        .counter()
        .count();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(5); // files and counters tell nobody
    }
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(US_ASCII));
  }
}
