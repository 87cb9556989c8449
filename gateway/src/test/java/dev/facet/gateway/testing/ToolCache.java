package dev.facet.gateway.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where programs that tests need are kept, installed once for a machine. */
final class ToolCache {
  private ToolCache() {}

  /** Installs a program unless it is there; one process at a time does. */
  interface Installation {
    void run() throws IOException;
  }

  static Path folder() throws IOException {
    String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
    Path home =
        cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
    return Files.createDirectories(home.resolve("facet/tests"));
  }

  static synchronized void install(String name, Installation installation) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                folder().resolve(name + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      installation.run();
    }
  }
}
