package dev.facet.pipeline;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders outside this module that tests read. */
final class Shared {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private Shared() {}

  /** A folder of real weights or photos; where there is none, the test is skipped. */
  static Path folder(String name) {
    String shared = System.getenv().getOrDefault("FACET_SHARED", ROOT + "/../shared");
    Path folder = ROOT.resolve(shared).resolve(name);
    assumeTrue(Files.isDirectory(folder), "pipeline: FACET_SHARED holds no " + name + "/");
    return folder;
  }

  static byte[] photo(String name) {
    try {
      return Files.readAllBytes(folder("photos").resolve(name));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
