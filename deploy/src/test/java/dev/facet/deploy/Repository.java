package dev.facet.deploy;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where this checkout is, found from the folder a test runs in. */
final class Repository {
  static final Path ROOT = root();

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
