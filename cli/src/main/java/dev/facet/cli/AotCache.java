package dev.facet.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the JVM learned of a service in a training run: its classes, loaded and linked, and which of
 * its methods are worth compiling (JEP 514 and 515). It lies beside the service's jar.
 *
 * <p>Nothing depends on it. The JVM itself goes on without a cache that is of another build, another
 * JVM or other options, and says so in the log.
 *
 * @param jar the service's program
 */
record AotCache(Path jar) {

  Path file() {
    return Path.of(jar.toString().replaceFirst("\\.jar$", ".aot"));
  }

  /**
   * The JVM's options.
   *
   * @param training whether this run is to write the cache when it ends, or may use it
   */
  List<String> options(boolean training) {
    if (training) {
      return List.of("-XX:AOTCacheOutput=" + file());
    }
    return isNewerThanJar() ? List.of("-XX:AOTCache=" + file()) : List.of();
  }

  private boolean isNewerThanJar() {
    try {
      return Files.exists(file())
          && Files.getLastModifiedTime(file()).compareTo(Files.getLastModifiedTime(jar)) >= 0;
    } catch (IOException e) {
      return false;
    }
  }
}
