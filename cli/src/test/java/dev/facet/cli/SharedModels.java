package dev.facet.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** The mirror of model files that stands beside a checkout, or does not. */
final class SharedModels {

  private SharedModels() {}

  /** In {@code FACET_SHARED}, or else in the folder {@code shared} beside the repository. */
  static Path folder() {
    String told = System.getenv().getOrDefault("FACET_SHARED", "");
    if (!told.isEmpty()) {
      return Path.of(told, "models").toAbsolutePath();
    }
    Path root = Path.of("").toAbsolutePath();
    while (root.getParent() != null && !Files.isDirectory(root.resolve(".mvn"))) {
      root = root.getParent();
    }
    return root.resolveSibling("shared").resolve("models");
  }
}
