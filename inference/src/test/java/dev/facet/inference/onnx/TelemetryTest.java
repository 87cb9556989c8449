package dev.facet.inference.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process of its own, since ONNX Runtime has one environment for each. */
class TelemetryTest {

  /** Telemetry would recur through the command line on this stack, and note it in the cache. */
  @Test
  void longCommandLineIsNeitherReadNorKept(@TempDir Path home) throws Exception {
    Path model =
        new TinyModel()
            .input("image", TinyModel.FLOAT, "N")
            .output("same", TinyModel.FLOAT, "N")
            .node("Identity", "same", "image")
            .write(home);
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                TelemetryTest.class.getName(),
                model.toString(),
                "x".repeat(20_000))
            .redirectErrorStream(true);
    builder.environment().put("HOME", home.toString());
    builder.environment().put("XDG_CACHE_HOME", home.resolve("cache").toString());
    builder.environment().remove("ORT_DISABLE_TELEMETRY");
    Process process = builder.start();

    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).isEqualTo("[same]");
    assertThat(files(home)).containsExactly(model);
  }

  /** The process under test. */
  public static void main(String[] args) {
    try (OnnxModel model = OnnxModel.load(Path.of(args[0]), OnnxSettings.cpu())) {
      System.out.print(model.outputs().stream().map(TensorSpec::name).toList());
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
