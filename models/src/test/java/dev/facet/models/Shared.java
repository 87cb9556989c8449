package dev.facet.models;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The directory of real weights and photos that stands beside a checkout, or does not. */
public final class Shared {

  private Shared() {}

  /** The mirror of model files; skips the calling test where there is none. */
  public static Path models() {
    return directory("models", "real weights");
  }

  /** Outputs of reference implementations; skips likewise. */
  public static Path golden() {
    return directory("golden", "reference outputs");
  }

  /** A photo by the path that reference outputs give it; skips where there are no photos. */
  public static Path photo(String path) {
    return directory("lfw", "photos").resolveSibling(path);
  }

  private static Path directory(String name, String what) {
    Path directory = root().resolve(name);
    assumeTrue(
        Files.isDirectory(directory),
        "%s are absent: FACET_SHARED has no %s directory".formatted(what, name));
    return directory;
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
