package dev.facet.models;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The directory of real weights and photos that stands beside a checkout, or does not. */
final class Shared {

  private Shared() {}

  /** The mirror of model files; skips the calling test where there is none. */
  static Path models() {
    Path models = root().resolve("models");
    assumeTrue(
        Files.isDirectory(models), "real weights are absent: FACET_SHARED has no models directory");
    return models;
  }

  /** The folder of LFW's photos; skips the calling test where there is none. */
  static Path faces() {
    return folder("lfw");
  }

  /** The folder of other photos; skips the calling test where there is none. */
  static Path photos() {
    return folder("photos");
  }

  private static Path folder(String name) {
    Path folder = root().resolve(name);
    assumeTrue(Files.isDirectory(folder), "photos are absent: FACET_SHARED has no " + name + "/");
    return folder;
  }

  private static Path root() {
    return Optional.ofNullable(System.getenv("FACET_SHARED"))
        .map(Path::of)
        .orElseGet(() -> repository().resolveSibling("shared"));
  }

  private static Path repository() {
    return Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
        .filter(directory -> Files.isDirectory(directory.resolve(".mvn")))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("not inside a checkout"));
  }
}
