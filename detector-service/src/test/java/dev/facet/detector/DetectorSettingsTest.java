package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.bootstrap.Settings;
import dev.facet.bootstrap.SettingsException;
import dev.facet.inference.onnx.ExecutionProvider;
import dev.facet.models.graph.Precision;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DetectorSettingsTest {
  private static final Path SHIPPED = Shared.root().resolve("deploy/config/detector.properties");

  @Test
  void defaultsServeYuNetOnTheProcessorOnLoopback() {
    DetectorSettings settings = Settings.load(DetectorSettings.class);
    assertThat(settings.server().grpc().host()).isEqualTo("127.0.0.1");
    assertThat(settings.server().grpc().port()).isEqualTo(50052);
    assertThat(settings.server().admin().port()).isEqualTo(9465);
    assertThat(settings.server().grpc().maxStreamResets()).isEqualTo(100_000);
    assertThat(settings.models().serve()).containsExactly("yunet");
    assertThat(settings.onnx().provider()).isEqualTo(ExecutionProvider.CPU);
    assertThat(settings.onnx().precision()).isEqualTo(Precision.FP32);
    assertThat(settings.image().maxBytes()).isEqualTo(10 * 1024 * 1024);
    assertThat(settings.image().maxScans()).isEqualTo(64);
    assertThat(settings.decode().leastTime()).isEqualTo(Duration.ofMillis(5));
    assertThat(settings.detect().maxSide()).isEqualTo(640);
  }

  @Test
  void g47_strangersOutsideLoopbackAreLetInByItsOwnSettingOnly() {
    String host = "grpc.host=0.0.0.0";
    String plaintext = "access.plaintext=true";
    assertThatThrownBy(() -> Settings.load(DetectorSettings.class, host))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("tls.certificate")
        .hasMessageContaining("access.plaintext=true");
    assertThatThrownBy(() -> Settings.load(DetectorSettings.class, host, plaintext))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("access.token-file")
        .hasMessageContaining("tls.client-authorities")
        .hasMessageContaining("access.open=true");
    for (String known : List.of("access.token-file=t", "access.open=true")) {
      DetectorSettings settings = Settings.load(DetectorSettings.class, host, plaintext, known);
      assertThat(settings.server().isExposed()).isTrue();
    }
  }

  @Test
  void shippedFileNamesEveryKeyAtItsDefault() throws IOException {
    assertThat(Settings.load(DetectorSettings.class, "--config", SHIPPED.toString()))
        .isEqualTo(Settings.load(DetectorSettings.class));
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(SHIPPED)) {
      properties.load(reader);
    }
    List<String> keys =
        Pattern.compile("^\\| `([a-z0-9.-]+)`", Pattern.MULTILINE)
            .matcher(Settings.table(DetectorSettings.class))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(properties.stringPropertyNames()).containsExactlyInAnyOrderElementsOf(keys);
  }

  @Test
  void shippedFileForCudaServesBothDetectorsThere() {
    Path cuda = SHIPPED.resolveSibling("cuda").resolve("detector.properties");
    DetectorSettings settings = Settings.load(DetectorSettings.class, "--config", cuda.toString());
    assertThat(settings.models().serve()).containsExactly("yunet", "mtcnn");
    assertThat(settings.onnx().session().provider()).isEqualTo(ExecutionProvider.CUDA);
    assertThat(settings.onnx().precision()).isEqualTo(Precision.FP16);
  }

  @Test
  void wrongValuesAreToldTogetherWithTheirNames() {
    assertThatThrownBy(
            () ->
                Settings.load(
                    DetectorSettings.class,
                    "detect.min-score=2",
                    "image.max-scans=0",
                    "onnx.provider=tpu",
                    "detect.canvass=1"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("min-score must be 0 to 1, is 2.0")
        .hasMessageContaining("max-scans 0")
        .hasMessageContaining("onnx.provider")
        .hasMessageContaining("detect.canvas");
  }
}
