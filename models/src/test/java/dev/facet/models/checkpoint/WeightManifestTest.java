package dev.facet.models.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightManifestTest {

  private static final String BYTES =
      """
      {"name":"conv/filters","shape":[1,2,2],"dtype":"float32",
       "quantization":{"dtype":"uint8","scale":0.5,"min":-1}}\
      """;
  private static final String SHORTS =
      """
      {"name":"conv/bias","shape":[2],"dtype":"float32",
       "quantization":{"dtype":"uint16","scale":0.25,"min":2}}\
      """;
  private static final String FLOATS =
      """
      {"name":"fc","shape":[1],"dtype":"float32"}\
      """;

  @TempDir Path directory;
  private final List<Path> shards = new ArrayList<>();

  @BeforeEach
  void writeShards() throws IOException {
    // The second shard begins within the second tensor.
    shard("model.bin", new byte[] {0, 2, 4, -1, 4, 0, 0});
    shard("more.bin", new byte[] {1, 0, 0, (byte) 0x80, 0x3f});
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%s", "{\"format\":\"layers-model\",\"x\":{\"y\":[1]},\"weightsManifest\":%s}"})
  void tensorsAreTakenFromTheShardsInTheOrderOfTheManifest(String root) throws IOException {
    String manifest =
        root.formatted(
            manifest("\"model.bin\",\"more.bin\"", String.join(",", BYTES, SHORTS, FLOATS)));

    Weights weights = read(manifest);

    assertThat(weights.names()).containsExactly("conv/filters", "conv/bias", "fc");
    assertThat(weights.values("conv/filters", 1, 2, 2)).containsExactly(-1, 0, 1, 126.5f);
    assertThat(weights.values("conv/bias", 2)).containsExactly(3, 66);
    assertThat(weights.values("fc", 1)).containsExactly(1);
  }

  @Test
  void eachGroupHasItsOwnShards() throws IOException {
    shard("model.bin", new byte[] {0, 2, 4, -1});
    shard("more.bin", new byte[] {0, 0, (byte) 0x80, 0x3f});

    Weights weights =
        read(
            "[{\"paths\":[\"more.bin\"],\"weights\":[%s]},{\"paths\":[\"model.bin\"],\"weights\":[%s]}]"
                .formatted(FLOATS, BYTES));

    assertThat(weights.names()).containsExactly("fc", "conv/filters");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'../model.bin'|it wants the shard '../model.bin'",
        "'/etc/passwd'|it wants the shard '/etc/passwd'",
        "'model.bin','model.bin'|it wants the shard 'model.bin'",
        "'model.bin'|not the files [more.bin]",
      })
  void onlyTheGivenShardsAreOpenedEachOnce(String paths, String message) {
    assertRefused(manifest(paths.replace('\'', '"'), BYTES.replace("[1,2,2]", "[7]")), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1,2,2]|[1,2,3]|the shards end",
        "[1,2,2]|[1,2,1]|more bytes",
        "[1,2,2]|[65536,65536,65536]|281,474,976,710,656 numbers",
        "[1,2,2]|[65536,65536]|4,294,967,296 numbers",
        "[1,2,2]|[100000000]|asks for 100,000,000 bytes of memory",
        "[1,2,2]|[-1,2,2]|of shape [-1, 2, 2]",
        "[1,2,2]|[null]|of shape [null]",
        "[1,2,2]|[1.5]|no manifest",
        "[1,2,2]|[99999999999]|no manifest",
        "[1,2,2]|null|without 'shape'",
        "uint8|string|of type 'string'",
        "conv/filters|fc|two tensors 'fc'",
        "'scale':0.5,||without 'scale'",
      })
  void manifestThatDoesNotFitItsShardsIsRefused(String good, String bad, String message) {
    String entries = String.join(",", BYTES, SHORTS, FLOATS);
    String quoted = good.replace('\'', '"');
    assertThat(entries).contains(quoted);

    assertRefused(
        manifest("\"model.bin\",\"more.bin\"", entries.replace(quoted, bad == null ? "" : bad)),
        message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[", "{", "[]", "{}", "[1]", "[null]", "{\"weightsManifest\":3}", "[[[]]]"})
  void jsonThatIsNoManifestIsRefused(String json) {
    assertRefused(json, "a TensorFlow.js weight manifest, cannot be read");
  }

  @Test
  void bottomlessNestingIsRefused() {
    assertRefused("[".repeat(1_000_000), "no manifest");
    assertRefused("{\"x\":" + "[".repeat(1_000_000), "nesting depth");
  }

  @Test
  void manifestOfManyMegabytesIsRefused() {
    assertRefused("[" + " ".repeat(5 << 20) + "]", "a manifest of 5,242,882 bytes");
  }

  private static String manifest(String paths, String entries) {
    return "[{\"weights\":[%s],\"paths\":[%s]}]".formatted(entries, paths);
  }

  private void shard(String name, byte[] bytes) throws IOException {
    Path shard = Files.write(directory.resolve(name), bytes);
    if (!shards.contains(shard)) {
      shards.add(shard);
    }
  }

  private Weights read(String manifest) throws IOException {
    List<Path> files = new ArrayList<>(shards);
    files.addFirst(Files.writeString(directory.resolve("manifest.json"), manifest));
    return Checkpoint.read(files);
  }

  private void assertRefused(String manifest, String message) {
    assertThatThrownBy(() -> read(manifest))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
  }
}
