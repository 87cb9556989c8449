package dev.facet.embedder;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Folders outside this module that tests read. */
final class Shared {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private Shared() {}

  /** The checkout. */
  static Path root() {
    return ROOT;
  }

  /** Real weights; the test is skipped by name where there are none. */
  static Path weights() {
    String shared = System.getenv().getOrDefault("FACET_SHARED", ROOT + "/../shared");
    Path weights = ROOT.resolve(shared).resolve("models");
    assumeTrue(
        Files.isDirectory(weights), "embedder with real weights: FACET_SHARED holds no models/");
    return weights;
  }
}
