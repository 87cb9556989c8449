package dev.facet.deploy;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Programs of this machine, run to their end. */
final class Tool {
  private Tool() {}

  /**
   * What a program printed.
   *
   * @throws IOException when it cannot be started or fails; the message ends with what it said
   */
  static String run(Path folder, Map<String, String> environment, List<String> command)
      throws IOException {
    Path complaint = Files.createTempFile("facet-deploy", ".err");
    try {
      ProcessBuilder program =
          new ProcessBuilder(command).directory(folder.toFile()).redirectError(complaint.toFile());
      program.environment().putAll(environment);
      Process process = program.start();
      process.getOutputStream().close();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(
            String.join(" ", command) + ": " + Files.readString(complaint) + printed);
      }
      return printed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      Files.deleteIfExists(complaint);
    }
  }

  static boolean onPath(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** A folder that outlives the tests of this checkout. */
  static Path cache() {
    String home = System.getenv("XDG_CACHE_HOME");
    Path caches = home == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(home);
    try {
      return Files.createDirectories(caches.resolve("facet/tests"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
