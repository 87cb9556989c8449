package dev.facet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.facet.bootstrap.access.AccessSettings;
import dev.facet.bootstrap.access.TlsSettings;
import dev.facet.bootstrap.access.TokenSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerSettingsTest {

  @Test
  void keysAndDefaultsAreThese() {
    assertThat(Settings.load(ServerSettings.class, Map.of()))
        .isEqualTo(
            new ServerSettings(
                new GrpcSettings(
                    "127.0.0.1",
                    0,
                    12 << 20,
                    0,
                    16 << 10,
                    256,
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(20),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(10),
                    200,
                    Duration.ofSeconds(20),
                    Exposure.LOOPBACK),
                new TlsSettings(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Duration.ofSeconds(10)),
                new AccessSettings(false),
                new AdminSettings("127.0.0.1", 0),
                new DrainSettings(Duration.ofSeconds(3), Duration.ofSeconds(30))));
    assertThat(Knob.all(ServerSettings.class).keySet())
        .containsExactly(
            "grpc.host",
            "grpc.port",
            "grpc.max-message-bytes",
            "grpc.max-bytes-in-flight",
            "grpc.max-metadata-bytes",
            "grpc.max-calls-per-connection",
            "grpc.unary-deadline",
            "grpc.stream-deadline",
            "grpc.arrival-timeout",
            "grpc.permit-keep-alive",
            "grpc.max-connection-age",
            "grpc.max-connection-age-grace",
            "grpc.max-stream-resets",
            "grpc.handshake-timeout",
            "grpc.reflection",
            "tls.certificate",
            "tls.key",
            "tls.client-authorities",
            "tls.client-names",
            "tls.reload-every",
            "access.plaintext",
            "admin.host",
            "admin.port",
            "drain.delay",
            "drain.grace");
  }

  @Test
  void g47_plaintextStaysOnLoopbackUnlessItIsAskedFor() {
    assertThat(problems("grpc.host=0.0.0.0"))
        .singleElement()
        .asString()
        .contains("grpc.host 0.0.0.0")
        .contains("tls.certificate")
        .contains("tls.key")
        .contains("access.plaintext=true");
    assertThat(load("grpc.host=0.0.0.0", "access.plaintext=true").isExposed()).isTrue();
    assertThat(load("grpc.host=0.0.0.0", "tls.certificate=c", "tls.key=k").isExposed()).isTrue();
    assertThat(load("grpc.host=localhost").isExposed()).isFalse();
  }

  @Test
  void g47_callersAreKnownOutsideLoopbackUnlessItIsAskedOtherwise() {
    ServerSettings local = load();
    ServerSettings exposed = load("grpc.host=::", "access.plaintext=true");
    ServerSettings certificates =
        load("grpc.host=::", "tls.certificate=c", "tls.key=k", "tls.client-authorities=a");
    TokenSettings token = new TokenSettings(Optional.of(Path.of("t")), false);
    TokenSettings open = new TokenSettings(Optional.empty(), true);
    TokenSettings.NONE.requireKnownCallers(local);
    TokenSettings.NONE.requireKnownCallers(certificates);
    token.requireKnownCallers(exposed);
    open.requireKnownCallers(exposed);
    assertThatThrownBy(() -> TokenSettings.NONE.requireKnownCallers(exposed))
        .hasMessageContaining("grpc.host ::")
        .hasMessageContaining("access.token-file")
        .hasMessageContaining("tls.client-authorities")
        .hasMessageContaining("access.open=true");
  }

  @Test
  void filesOfTlsBelongTogether() {
    assertThat(problems("tls.certificate=c")).singleElement().asString().contains("key");
    assertThat(problems("tls.client-authorities=a")).singleElement().asString().contains("needs");
    assertThat(problems("tls.certificate=c", "tls.key=k", "tls.client-names=gateway"))
        .singleElement()
        .asString()
        .contains("client-authorities");
  }

  @Test
  void connectionsOutliveTheirStreams() {
    SettingsException e =
        catchThrowableOfType(
            SettingsException.class,
            () -> Settings.load(ServerSettings.class, Map.of(), "grpc.stream-deadline=1h"));
    assertThat(e.problems()).singleElement().asString().contains("max-connection-age-grace");
  }

  private static ServerSettings load(String... args) {
    return Settings.load(ServerSettings.class, Map.of(), args);
  }

  private static List<String> problems(String... args) {
    return catchThrowableOfType(SettingsException.class, () -> load(args)).problems();
  }
}
