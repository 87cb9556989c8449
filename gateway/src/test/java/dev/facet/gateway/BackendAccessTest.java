package dev.facet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.bootstrap.ErrorTable;
import dev.facet.bootstrap.ServerSettings;
import dev.facet.bootstrap.ServiceHost;
import dev.facet.bootstrap.Settings;
import dev.facet.bootstrap.access.TokenSettings;
import dev.facet.gateway.Answers.Refused;
import dev.facet.gateway.testing.SelfSigned;
import dev.facet.proto.v1.DetectRequest;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The gateway before services that speak TLS and demand its certificate and its token. */
@Timeout(60)
class BackendAccessTest {
  private static final String TOKEN = "0123456789abcdef";
  private static final String NEXT_TOKEN = "fedcba9876543210";
  private static final DetectRequest PHOTO =
      DetectRequest.newBuilder().setImage(Answers.image("anna")).build();
  private static final List<String> PAIRS = List.of("services", "gateway");

  @TempDir private Path folder;

  @BeforeEach
  void write() throws Exception {
    for (String name : PAIRS) {
      Files.copy(
          SelfSigned.write(folder, name).certificate(), folder.resolve(name + "-authorities.crt"));
    }
    Files.writeString(folder.resolve("token"), TOKEN);
    Files.writeString(folder.resolve("services-tokens"), TOKEN);
  }

  @Test
  void gatewayShowsItsCertificateAndSendsItsToken() {
    try (ServiceHost services = services("tls.client-names=gateway");
        TestGateway gateway = gateway("a", services)) {
      gateway.awaitHealth("readiness", ServingStatus.SERVING);
      assertThat(gateway.faces().detect(PHOTO).getFacesList()).hasSize(1);
    }
  }

  @Test
  void gatewayThatIsNotAcceptedSaysThatTheServiceIsDown() throws Exception {
    Path other = Files.writeString(folder.resolve("other"), NEXT_TOKEN);
    try (ServiceHost services = services();
        ServiceHost named = services("tls.client-names=somebody.else");
        TestGateway wrongToken = gateway("a", services, "backend.token-file=" + other);
        TestGateway wrongName = gateway("b", named);
        TestGateway noCertificate =
            gateway("c", services, "backend.tls.certificate=", "backend.tls.key=");
        TestGateway plaintext =
            gateway(
                "d",
                services,
                "backend.tls.authorities=",
                "backend.tls.certificate=",
                "backend.tls.key=")) {
      for (TestGateway gateway : List.of(wrongToken, wrongName, noCertificate, plaintext)) {
        gateway.awaitAnswers();
        Refused refused = Answers.refused(() -> gateway.faces().detect(PHOTO));
        assertThat(refused.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(refused.reason()).isEqualTo("DETECTOR_DOWN");
      }
    }
  }

  /** First whoever checks learns of the new, then whoever shows it changes, then the old goes. */
  @Test
  void g42_everythingIsReplacedUnderLoadAndNoCallFails() throws Exception {
    AtomicBoolean end = new AtomicBoolean();
    try (ServiceHost services = services("grpc.max-connection-age=1s");
        TestGateway gateway = gateway("a", services);
        ExecutorService load = Executors.newVirtualThreadPerTaskExecutor()) {
      gateway.awaitHealth("readiness", ServingStatus.SERVING);
      var calls =
          load.submit(
              () -> {
                while (!end.get()) {
                  assertThat(gateway.faces().detect(PHOTO).getFacesList()).hasSize(1);
                }
              });
      Path next = Files.createDirectory(folder.resolve("next"));
      for (String name : PAIRS) {
        Files.write(
            folder.resolve(name + "-authorities.crt"),
            Files.readAllBytes(SelfSigned.write(next, name).certificate()),
            StandardOpenOption.APPEND);
      }
      Files.writeString(folder.resolve("services-tokens"), TOKEN + "\n" + NEXT_TOKEN);
      awaitReloads(services, "tls.client-authorities", 1);
      awaitReloads(services, "access.token-file", 1);
      awaitReloads(gateway, "backend.tls.authorities", 1);

      for (String name : PAIRS) {
        replace(next, name + ".key", name + ".key");
        replace(next, name + ".crt", name + ".crt");
      }
      Files.writeString(folder.resolve("token"), NEXT_TOKEN);
      awaitReloads(services, "tls.certificate and tls.key", 1);
      awaitReloads(gateway, "backend.tls.certificate and backend.tls.key", 1);
      awaitReloads(gateway, "backend.token-file", 1);

      for (String name : PAIRS) {
        replace(next, name + ".crt", name + "-authorities.crt");
      }
      Files.writeString(folder.resolve("services-tokens"), NEXT_TOKEN);
      awaitReloads(services, "tls.client-authorities", 2);
      awaitReloads(services, "access.token-file", 2);
      awaitReloads(gateway, "backend.tls.authorities", 2);
      try (TestGateway another = gateway("b", services)) {
        another.awaitHealth("readiness", ServingStatus.SERVING);
      }
      end.set(true);
      calls.get();
    }
  }

  private ServiceHost services(String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "drain.delay=0s",
                "tls.certificate=" + folder.resolve("services.crt"),
                "tls.key=" + folder.resolve("services.key"),
                "tls.client-authorities=" + folder.resolve("gateway-authorities.crt"),
                "tls.reload-every=20ms"));
    settings.addAll(List.of(more));
    ServiceHost host =
        ServiceHost.open(
            "services",
            Settings.load(ServerSettings.class, settings.toArray(String[]::new)),
            new TokenSettings(Optional.of(folder.resolve("services-tokens")), false));
    host.serve(ErrorTable.standard(), new FakeDetector(), new FakeEmbedder());
    return host;
  }

  private TestGateway gateway(String data, ServiceHost services, String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "backend.tls.authorities=" + folder.resolve("services-authorities.crt"),
                "backend.tls.certificate=" + folder.resolve("gateway.crt"),
                "backend.tls.key=" + folder.resolve("gateway.key"),
                "backend.token-file=" + folder.resolve("token"),
                "tls.reload-every=20ms"));
    settings.addAll(List.of(more));
    return TestGateway.answering(
        folder.resolve(data), services.grpcPort(), settings.toArray(String[]::new));
  }

  private void replace(Path next, String source, String target) throws Exception {
    Files.write(folder.resolve(target), Files.readAllBytes(next.resolve(source)));
  }

  private static void awaitReloads(ServiceHost host, String setting, int times) throws Exception {
    while (host.meters().get("facet.reloads").tag("setting", setting).counter().count() < times) {
      Thread.sleep(5); // a counter tells nobody
    }
  }

  private static void awaitReloads(TestGateway gateway, String setting, int times)
      throws Exception {
    String line =
        "facet_reloads_total{service=\"gateway\",setting=\"%s\"} %d.0".formatted(setting, times);
    while (!gateway.metrics().contains(line)) {
      Thread.sleep(20); // as above
    }
  }
}
