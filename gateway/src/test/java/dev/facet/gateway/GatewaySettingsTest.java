package dev.facet.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.bootstrap.Settings;
import dev.facet.bootstrap.SettingsException;
import dev.facet.bootstrap.access.ChannelTlsSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class GatewaySettingsTest {
  private static final Pattern KEY = Pattern.compile("^\\| `([^`]+)`", Pattern.MULTILINE);
  private static final Path SHIPPED = Repository.ROOT.resolve("deploy/config/gateway.properties");

  @Test
  void defaultsAreThese() {
    GatewaySettings settings = Settings.load(GatewaySettings.class);
    assertThat(settings.server().grpc().port()).isEqualTo(50051);
    assertThat(settings.server().admin().port()).isEqualTo(9464);
    assertThat(settings.backend())
        .isEqualTo(
            new GatewaySettings.Backend(
                "127.0.0.1:50052",
                "127.0.0.1:50053",
                3,
                Duration.ZERO,
                16 << 20,
                64 << 20,
                64 << 20,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                new ChannelTlsSettings(Optional.empty(), Optional.empty(), Optional.empty()),
                Optional.empty()));
    assertThat(settings.data())
        .isEqualTo(
            new GatewaySettings.Data(
                Path.of("data"),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofHours(1),
                Duration.ofHours(1)));
    assertThat(settings.recognition())
        .isEqualTo(
            new GatewaySettings.Recognition(Duration.ofMillis(10), Duration.ofSeconds(5), 16));
  }

  @Test
  void shippedFileSaysTheDefaults() {
    assertThat(Settings.load(GatewaySettings.class, "--config", SHIPPED.toString()))
        .isEqualTo(Settings.load(GatewaySettings.class));
  }

  @Test
  void shippedFileHasEveryKnob() throws IOException {
    Properties shipped = new Properties();
    try (Reader file = Files.newBufferedReader(SHIPPED)) {
      shipped.load(file);
    }
    List<String> knobs =
        KEY.matcher(Settings.table(GatewaySettings.class))
            .results()
            .map(row -> row.group(1))
            .toList();
    assertThat(shipped.stringPropertyNames()).containsExactlyInAnyOrderElementsOf(knobs);
  }

  @Test
  void tokenIsNotSentInPlaintextUnlessItIsAskedFor() {
    String token = "backend.token-file=t";
    String far = "backend.embedder=dns:///embedder:50053";
    assertThatThrownBy(() -> Settings.load(GatewaySettings.class, token, far))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("backend.token-file")
        .hasMessageContaining("backend.tls.authorities")
        .hasMessageContaining("access.plaintext=true");
    Settings.load(GatewaySettings.class, token);
    Settings.load(GatewaySettings.class, token, "backend.embedder=dns:///[::1]:50053");
    Settings.load(GatewaySettings.class, token, far, "access.plaintext=true");
    Settings.load(GatewaySettings.class, token, far, "backend.tls.authorities=system");
  }

  @Test
  void g47_strangersOutsideLoopbackAreNotLetIn() {
    assertThatThrownBy(() -> Settings.load(GatewaySettings.class, "grpc.host=0.0.0.0"))
        .hasMessageContaining("tls.certificate");
    assertThatThrownBy(
            () ->
                Settings.load(GatewaySettings.class, "grpc.host=0.0.0.0", "access.plaintext=true"))
        .hasMessageContaining("access.mode=keys");
  }

  @Test
  void impossibleValuesAreRefusedTogether() {
    assertThatThrownBy(
            () ->
                Settings.load(
                    GatewaySettings.class,
                    "backend.attempts=9",
                    "data.purge-every=0s",
                    "recognition.stream-width=0"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("attempts")
        .hasMessageContaining("purge-every")
        .hasMessageContaining("stream-width");
  }
}
