package dev.facet.bench.all;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What needs no running service; a measurement is no test. */
class AllCommandTest {

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final CommandLine command =
      new CommandLine(new AllCommand())
          .setOut(new PrintWriter(out))
          .setErr(new PrintWriter(new StringWriter()));

  @Test
  void anUnknownPointIsRefusedBeforeAnythingStarts() {
    int exitCode = command.execute("--points", "embedder,nonsense");

    assertThat(exitCode).isNotZero();
    assertThat(out.toString()).isEmpty();
  }

  /** A machine with a GPU would have the same rows. */
  @Test
  void aPointThatCannotBeMeasuredIsAnOpenRow() throws Exception {
    int exitCode = command.execute("--points", "gpu", "--quick", "--out", folder.toString());

    assertThat(exitCode).isZero();
    assertThat(out.toString()).contains("gpu").contains("open").contains("0 met, 0 missed");
    assertThat(Files.readString(folder.resolve("speed.json"))).contains("\"verdict\": \"OPEN\"");
    assertThat(Files.readString(folder.resolve("speed.md"))).contains("speed.svg");
    assertThat(folder.resolve("speed.svg")).isNotEmptyFile();
  }
}
