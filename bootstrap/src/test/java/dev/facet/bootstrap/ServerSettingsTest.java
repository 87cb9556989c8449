package dev.facet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.Map;
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
                    Duration.ofSeconds(20),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(10),
                    200,
                    Duration.ofSeconds(20),
                    Exposure.LOOPBACK),
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
            "grpc.permit-keep-alive",
            "grpc.max-connection-age",
            "grpc.max-connection-age-grace",
            "grpc.max-stream-resets",
            "grpc.handshake-timeout",
            "grpc.reflection",
            "admin.host",
            "admin.port",
            "drain.delay",
            "drain.grace");
  }

  @Test
  void doorsStayOnLoopbackWithoutAuthentication() {
    SettingsException e =
        catchThrowableOfType(
            SettingsException.class,
            () ->
                Settings.load(
                    ServerSettings.class, Map.of(), "grpc.host=0.0.0.0", "admin.host=192.0.2.1"));
    assertThat(e.problems())
        .containsExactly(
            "grpc: host 0.0.0.0 is not a loopback address, and no authentication is configured",
            "admin: host 192.0.2.1 is not a loopback address, and no authentication is configured");
  }

  @Test
  void connectionsOutliveTheirStreams() {
    SettingsException e =
        catchThrowableOfType(
            SettingsException.class,
            () -> Settings.load(ServerSettings.class, Map.of(), "grpc.stream-deadline=1h"));
    assertThat(e.problems()).singleElement().asString().contains("max-connection-age-grace");
  }
}
