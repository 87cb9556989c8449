package dev.facet.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The contract passes buf's standard lint; buf comes from the npm registry. */
class ContractLintTest {
  private static final String BUF = "@bufbuild/buf@1.75.0";
  private static final Path FOLDER = Path.of("target", "buf");

  private record Run(int status, String output) {}

  @Test
  void contractPassesStandardLint() throws Exception {
    assumeTrue(onPath("npm"), "proto lint: npm is not installed, so buf cannot be fetched");
    Path buf = FOLDER.resolve("node_modules/.bin/buf");
    if (!Files.isExecutable(buf)) {
      Run install =
          run("npm", "install", "--no-save", "--no-audit", "--prefix", FOLDER.toString(), BUF);
      assumeTrue(install.status() == 0, "proto lint: the npm registry did not give " + BUF);
    }
    Run lint =
        run(
            buf.toString(),
            "lint",
            "target/generated-resources/protobuf/descriptor-sets/facet.binpb",
            "--config",
            "buf.yaml",
            "--path",
            "facet");
    assertThat(lint.output()).isEmpty();
    assertThat(lint.status()).isZero();
  }

  private static boolean onPath(String program) {
    return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static Run run(String... command) throws IOException, InterruptedException {
    Files.createDirectories(FOLDER);
    Path output = FOLDER.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      return new Run(-1, command[0] + " did not end within two minutes");
    }
    return new Run(process.exitValue(), Files.readString(output));
  }
}
