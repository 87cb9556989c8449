package dev.facet.system;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where this checkout is, found from the folder a test runs in. */
final class Repository {
  static final Path ROOT = root();

  /** Photos, weights and reference outputs; may be absent. */
  static final Path SHARED =
      System.getenv("FACET_SHARED") == null
          ? ROOT.resolveSibling("shared")
          : Path.of(System.getenv("FACET_SHARED"));

  private Repository() {}

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve(".mvn"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("the tests run inside a checkout of Facet");
      }
    }
    return folder;
  }
}
