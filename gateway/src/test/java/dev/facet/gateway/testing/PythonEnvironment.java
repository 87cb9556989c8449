package dev.facet.gateway.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Python programs in virtual environments, installed once for a machine with its own pip. */
final class PythonEnvironment {
  private PythonEnvironment() {}

  /**
   * The folder of an environment with these packages.
   *
   * @throws IOException when it cannot be installed
   */
  static Path of(String name, String... packages) throws IOException {
    Path folder = ToolCache.folder().resolve(name);
    Path done = folder.resolve("installed");
    ToolCache.install(
        name,
        () -> {
          if (!Files.exists(done)) {
            run(List.of("python3", "-m", "venv", "--clear", folder.toString()));
            List<String> install =
                new ArrayList<>(
                    List.of(folder.resolve("bin/pip").toString(), "install", "--quiet"));
            install.addAll(List.of(packages));
            run(install);
            Files.createFile(done);
          }
        });
    return folder;
  }

  /**
   * Runs a command.
   *
   * @throws IOException with its last line when it fails
   */
  static void run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != 0) {
        String lastLine = said.strip().lines().reduce("", (_, line) -> line);
        throw new IOException(command.getFirst() + " failed: " + lastLine);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
