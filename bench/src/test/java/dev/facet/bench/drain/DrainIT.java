package dev.facet.bench.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.facet.bench.SharedFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas of each service as real processes, behind names in a network namespace. */
@Tag("faults")
class DrainIT {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path folder;

  private JsonArray drain(int exitCode, String... options) throws Exception {
    assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "drain: needs root");
    Path photos = SharedFolder.path().resolve("photos");
    assumeTrue(Files.isDirectory(photos), "drain: no photos here");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Dfacet.home=" + HOME, "-jar"));
    command.add(HOME.resolve("bench/target/bench.jar").toString());
    command.addAll(List.of("drain", "--json"));
    command.addAll(List.of(options));
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.waitFor()).as(Files.readString(out)).isEqualTo(exitCode);
    System.out.println(Files.readString(out));
    return JsonParser.parseString(Files.readString(out)).getAsJsonArray();
  }

  private static long number(JsonElement row, String name) {
    return row.getAsJsonObject().get(name).getAsLong();
  }

  /** G10, G14, G15: ten rolling restarts and more of each service, and kills. */
  @Test
  void noCallFailsWhenReplicasAreRestartedAndKilled() throws Exception {
    JsonArray rows = drain(0, "--seconds", "180", "--faults", "restart,kill");
    long restarts = 0;
    for (JsonElement row : rows) {
      assertThat(number(row, "calls")).isGreaterThan(3_000);
      assertThat(number(row, "failed")).isZero();
      restarts += number(row, "times");
    }
    assertThat(restarts).isGreaterThanOrEqualTo(10);
  }

  /** So that the test above can fail. */
  @Test
  void callsFailWithoutDrainAndRetries() throws Exception {
    JsonArray rows = drain(1, "--seconds", "60", "--faults", "restart,kill", "--unprotected");
    long failed = 0;
    for (JsonElement row : rows) {
      failed += number(row, "failed");
    }
    assertThat(failed).isPositive();
  }

  /** G16, G31, G33, G34: no call hangs, and most are answered by the other replica. */
  @Test
  void networkThatLosesAndResetsIsLivedWith() throws Exception {
    JsonArray rows =
        drain(
            0,
            "--faults",
            "stop,blackhole,loss,reset",
            "--services",
            "detector,embedder",
            "--set",
            "backend.hedge-after=1s");
    for (JsonElement row : rows) {
      double share = (double) number(row, "failed") / number(row, "calls");
      assertThat(share).as("%s", row).isLessThan(0.01);
      assertThat(row.getAsJsonObject().get("most_ms").getAsDouble()).isLessThan(11_000);
    }
  }
}
