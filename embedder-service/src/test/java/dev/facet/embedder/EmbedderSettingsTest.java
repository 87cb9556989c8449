package dev.facet.embedder;

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

class EmbedderSettingsTest {
  private static final Path SHIPPED = Shared.root().resolve("deploy/config/embedder.properties");

  @Test
  void defaultsServeOneModelOnTheProcessorOnLoopback() {
    EmbedderSettings settings = Settings.load(EmbedderSettings.class);
    assertThat(settings.server().grpc().host()).isEqualTo("127.0.0.1");
    assertThat(settings.server().grpc().port()).isEqualTo(50053);
    assertThat(settings.server().admin().port()).isEqualTo(9466);
    assertThat(settings.server().grpc().maxStreamResets()).isEqualTo(100_000);
    assertThat(settings.models().serve()).containsExactly("edgeface-xs");
    assertThat(settings.onnx().provider()).isEqualTo(ExecutionProvider.CPU);
    assertThat(settings.onnx().precision()).isEqualTo(Precision.FP32);
    assertThat(settings.batch().max()).isEqualTo(16);
    assertThat(settings.batch().delay()).isEqualTo(Duration.ZERO);
    assertThat(settings.batch().queue()).isEqualTo(512);
  }

  @Test
  void g47_strangersOutsideLoopbackAreLetInByItsOwnSettingOnly() {
    String host = "grpc.host=0.0.0.0";
    String plaintext = "access.plaintext=true";
    assertThatThrownBy(() -> Settings.load(EmbedderSettings.class, host))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("tls.certificate")
        .hasMessageContaining("access.plaintext=true");
    assertThatThrownBy(() -> Settings.load(EmbedderSettings.class, host, plaintext))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("access.token-file")
        .hasMessageContaining("tls.client-authorities")
        .hasMessageContaining("access.open=true");
    for (String known : List.of("access.token-file=t", "access.open=true")) {
      EmbedderSettings settings = Settings.load(EmbedderSettings.class, host, plaintext, known);
      assertThat(settings.server().isExposed()).isTrue();
    }
  }

  @Test
  void shippedFileNamesEveryKeyAtItsDefault() throws IOException {
    assertThat(Settings.load(EmbedderSettings.class, "--config", SHIPPED.toString()))
        .isEqualTo(Settings.load(EmbedderSettings.class));
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(SHIPPED)) {
      properties.load(reader);
    }
    List<String> keys =
        Pattern.compile("^\\| `([a-z0-9.-]+)`", Pattern.MULTILINE)
            .matcher(Settings.table(EmbedderSettings.class))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(properties.stringPropertyNames()).containsExactlyInAnyOrderElementsOf(keys);
  }

  @Test
  void shippedFileForCudaComputesInFloat16WithChannelsLast() {
    Path cuda = SHIPPED.resolveSibling("cuda").resolve("embedder.properties");
    EmbedderSettings settings = Settings.load(EmbedderSettings.class, "--config", cuda.toString());
    assertThat(settings.onnx().session().provider()).isEqualTo(ExecutionProvider.CUDA);
    assertThat(settings.onnx().session().cuda().channelsLast()).isTrue();
    assertThat(settings.onnx().precision()).isEqualTo(Precision.FP16);
    assertThat(settings.batchPolicy().runners()).isEqualTo(2);
    assertThat(settings.batchPolicy().buckets()).endsWith(64, 128);
  }

  @Test
  void layoutFollowsThePrecisionUnlessItIsTold() {
    assertThat(channelsLast("onnx.precision=fp32")).isFalse();
    assertThat(channelsLast("onnx.precision=fp16", "onnx.cuda.layout=nchw")).isFalse();
    assertThat(channelsLast("onnx.precision=fp32", "onnx.cuda.layout=nhwc")).isTrue();
  }

  private static boolean channelsLast(String... settings) {
    return Settings.load(EmbedderSettings.class, settings).onnx().session().cuda().channelsLast();
  }

  @Test
  void wrongValuesAreToldTogetherWithTheirNames() {
    assertThatThrownBy(
            () ->
                Settings.load(
                    EmbedderSettings.class,
                    "batch.max=0",
                    "onnx.provider=tpu",
                    "onnx.cuda.layout=chwn",
                    "x=1"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("onnx.provider")
        .hasMessageContaining("onnx.cuda.layout")
        .hasMessageContaining("\"x\"")
        .hasMessageContaining("batch");
  }
}
