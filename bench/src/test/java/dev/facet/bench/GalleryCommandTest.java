package dev.facet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command with few faces: what it says, not how fast it is. */
class GalleryCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private int run(String... more) {
    List<String> arguments = new ArrayList<>(List.of("gallery", "--work", folder + "/work"));
    arguments.addAll(List.of(more));
    CommandLine commandLine =
        BenchMain.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return commandLine.execute(arguments.toArray(String[]::new));
  }

  private int runSmall(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--vectors",
                "600",
                "--queries",
                "50",
                "--seconds",
                "0",
                "--ef",
                "20,200",
                "--clients",
                "2"));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  @Test
  void jsonHasTheMachineTheContentsAndEveryStoreSideBySide() throws IOException {
    assertThat(runSmall("--json")).as(err::toString).isZero();

    JsonObject report = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertThat(report.getAsJsonObject("machine").keySet()).contains("cpu", "processors", "jdk");
    JsonObject contents = report.getAsJsonObject("contents");
    assertThat(contents.get("vectors").getAsInt()).isEqualTo(600);
    assertThat(contents.get("deleted").getAsInt()).isEqualTo(6);
    assertThat(contents.get("queries").getAsInt()).isEqualTo(50);
    assertThat(report.getAsJsonArray("stores"))
        .extracting(store -> store.getAsJsonObject().get("name").getAsString())
        .containsExactly("scan", "lucene");
    for (JsonElement store : report.getAsJsonArray("stores")) {
      assertThat(store.getAsJsonObject().keySet())
          .contains("build_seconds", "heap_mib", "rows", "description");
      for (JsonElement row : store.getAsJsonObject().getAsJsonArray("rows")) {
        assertThat(row.getAsJsonObject().getAsJsonObject("recall").get("within").getAsDouble())
            .isGreaterThan(0.99);
        assertThat(row.getAsJsonObject().getAsJsonObject("queries_per_second").keySet())
            .containsExactly("1", "2");
      }
    }
    try (Stream<Path> left = Files.list(folder.resolve("work"))) {
      assertThat(left).as("files left behind").isEmpty();
    }
  }

  @Test
  void theExactScanFindsEverything() {
    assertThat(runSmall("--stores", "scan")).as(err::toString).isZero();

    assertThat(out.toString())
        .contains("600 faces of")
        .containsPattern("scan +1 thread +1\\.0000 +1\\.0000 +1\\.0000 ")
        .containsPattern("(?m)^store +build s +start s");
  }

  @Test
  void outGetsThePageThePlotAndTheNumbers() throws IOException {
    assertThat(runSmall("--out", folder + "/results")).as(err::toString).isZero();

    Path results = folder.resolve("results");
    assertThat(Files.readString(results.resolve("gallery-600.md")))
        .contains("| scan | 1 thread |", "| lucene | k' 20 |", "(gallery-600.svg)");
    assertThat(Files.readString(results.resolve("gallery-600.svg")))
        .startsWith("<svg")
        .contains("lucene k' 20", "scan 1 thread")
        .doesNotContain("NaN");
    assertThat(JsonParser.parseString(Files.readString(results.resolve("gallery-600.json"))))
        .isInstanceOf(JsonObject.class);
  }

  @Test
  void aFileOfFactorsThatIsNotThereEndsItAtOnce() {
    assertThat(runSmall("--factors", folder + "/none.bin")).isEqualTo(74);

    assertThat(err.toString()).contains("none.bin: no such file");
  }

  @Test
  void numbersThatMakeNoSenseAreRefused() {
    assertThat(run("--vectors", "5")).isEqualTo(2);
    assertThat(run("--deleted", "0.9")).isEqualTo(2);
    assertThat(run("--stores", "oracle")).isEqualTo(2);

    assertThat(err.toString()).contains("--vectors must be 100 to 10,000,000");
  }
}
