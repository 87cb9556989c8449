package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said before anything is moved to eight bits. */
class QuantizeTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "arcface, x, 2, arcface",
    "yunet, x, 2, yunet is not an embedding model",
    "mobilefacenet, mobilefacenet, 2, its vectors are others",
    "mobilefacenet, edgeface-xs, 2, there is a model edgeface-xs already",
    "mobilefacenet, Not A Name, 2, --name"
  })
  void whatMakesNoSenseIsRefused(String model, String name, int exitCode, String words) {
    Facet run = quantize(model, "--name", name);

    assertThat(run.exitCode()).isEqualTo(exitCode);
    assertThat(run.err()).contains(words);
  }

  @Test
  void rangesHaveTheirWords() {
    Facet run = quantize("mobilefacenet", "--ranges", "entropy");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("[min-max, percentile, least-error]");
  }

  @Test
  void detectorThatIsNotThereIsSaid() throws Exception {
    assumeTrue(Files.isDirectory(SharedModels.folder()), "real weights are absent");
    Files.copy(
        SharedModels.folder().resolveSibling("photos").resolve("kate_siegel.jpg"),
        folder.resolve("kate.jpg"));

    Facet run = quantize("mobilefacenet", "--at", "127.0.0.1:1");

    assertThat(run.exitCode()).isEqualTo(69);
    assertThat(run.err()).contains("no answer from the detector at 127.0.0.1:1");
  }

  private Facet quantize(String model, String... more) {
    String[] arguments = {
      "models",
      "quantize",
      model,
      "--photos",
      folder.toString(),
      "--mirror",
      SharedModels.folder().toString(),
      "--cache",
      folder.resolve("cache").toString()
    };
    String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return Facet.run(all);
  }
}
