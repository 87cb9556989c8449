package dev.facet.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * The engine of Milvus as PyPI has it, installed once for a user.
 *
 * <p>Python only brings it: the package's own starter is not used. That takes other ports than it
 * is told when those are taken, leaves the engine behind when it is killed, and unpacks it into
 * every folder of data anew.
 *
 * @param folder of its Python environment
 */
record MilvusPackage(Path folder) {

  /** The last version that is packaged for Linux. */
  private static final String PACKAGE = "milvus==2.3.5";

  private static final String UNPACK =
      """
      import sys, milvus
      milvus._initialize_data_files(sys.argv[1])
      milvus.MilvusServerConfig(data_dir=sys.argv[1]).resolve()
      """;

  /** {@code facet/milvus-2.3.5} in the user's cache, after the XDG base directory rules. */
  static MilvusPackage standard(Map<String, String> environment, Path home) {
    Path cache = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    // The rules say that a relative path is to be ignored.
    return new MilvusPackage(
        (cache.isAbsolute() ? cache : home.resolve(".cache"))
            .resolve("facet")
            .resolve(PACKAGE.replace("==", "-")));
  }

  /** The program. */
  Path program() {
    return libraries().resolve("milvus");
  }

  /** The shared libraries that came with it. */
  Path libraries() {
    return engine().resolve("bin");
  }

  /** The settings that came with it. */
  Path settings() {
    return engine().resolve("configs");
  }

  private Path engine() {
    return folder.resolve("engine");
  }

  /**
   * Installs it unless it is there; one process at a time does.
   *
   * @throws CommandFailure when it cannot be had, with what to do about it
   */
  void install(Console console) {
    Path lock = folder.resolveSibling(folder.getFileName() + ".lock");
    Path done = folder.resolve("installed");
    try {
      Files.createDirectories(folder);
      try (FileChannel channel =
              FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock _ = channel.lock()) {
        if (!Files.exists(done)) {
          unpack(console);
          Files.createFile(done);
        }
      }
    } catch (IOException e) {
      throw CommandFailure.file(folder, e);
    }
  }

  private void unpack(Console console) {
    try {
      PythonEnvironment python = new PythonEnvironment(folder);
      console.note("installing Milvus, once, in %s: a Python environment", folder);
      python.create();
      console.note("installing Milvus: %s from PyPI, about 60 MB", PACKAGE);
      python.install(PACKAGE);
      console.note("installing Milvus: unpacking about 250 MB");
      python.python("Milvus could not be unpacked", "-c", UNPACK, engine().toString());
    } catch (CommandFailure e) {
      throw e.exitCode() == ExitCode.UNAVAILABLE
          ? new CommandFailure(e.exitCode(), "--milvus local: " + e.getMessage(), e)
          : e;
    }
  }
}
