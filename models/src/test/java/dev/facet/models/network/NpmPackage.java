package dev.facet.models.network;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The files of a package that npm's own client fetches, kept under {@code target}. */
final class NpmPackage {

  private static final Path KEPT = Path.of("target", "npm").toAbsolutePath();
  private static final int PATIENCE_SECONDS = 30;

  private NpmPackage() {}

  /** Fetches a package once; skips the calling test where npm or its registry is absent. */
  static Path fetch(String specification, String archive) throws Exception {
    Path files = Files.createDirectories(KEPT).resolve("package");
    if (!Files.isDirectory(files)) {
      boolean fetched =
          run("npm", "pack", specification, "--silent", "--prefer-offline")
              && run("tar", "-xzf", archive, "package/model");
      assumeTrue(fetched, "npm cannot fetch " + specification);
    }
    return files;
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(List.of(command))
              .directory(KEPT.toFile())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      return ended && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
