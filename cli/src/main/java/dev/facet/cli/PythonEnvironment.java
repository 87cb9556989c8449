package dev.facet.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A virtual environment of Python, made with what this machine has: {@code python3}, its {@code
 * venv} and the environment's own pip with its configuration.
 *
 * @param folder of the environment
 */
record PythonEnvironment(Path folder) {

  private static final String NEEDED =
      "it needs python3 with its venv module (Debian and Ubuntu: apt install python3-venv; Fedora: dnf"
          + " install python3)";

  private static final int LONGEST_COMPLAINT = 300;

  /**
   * Makes it empty, whatever was there.
   *
   * @throws CommandFailure saying what to install where Python cannot do it
   */
  void create() {
    List<String> command = List.of("python3", "-m", "venv", "--clear", folder.toString());
    try {
      if (!run(command)) {
        throw new CommandFailure(ExitCode.UNAVAILABLE, NEEDED + ": " + complaint());
      }
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, NEEDED + ": " + e.getMessage(), e);
    }
  }

  /**
   * Installs a package without what it depends on, and without running anything that it brings.
   *
   * @param packageVersion as {@code name==version}
   * @throws CommandFailure with pip's words
   */
  void install(String packageVersion) {
    python(
        "pip could not install " + packageVersion,
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--only-binary=:all:",
        "--no-input",
        "--disable-pip-version-check",
        "--no-cache-dir",
        "--quiet",
        packageVersion);
  }

  /**
   * Runs the environment's Python to its end.
   *
   * @param failure says what did not work when it fails
   * @throws CommandFailure with its last words
   */
  void python(String failure, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(folder.resolve("bin").resolve("python3").toString());
    command.add("-I"); // not what PYTHONPATH or the folder of this process would add
    command.addAll(List.of(arguments));
    try {
      if (!run(command)) {
        throw new CommandFailure(ExitCode.UNAVAILABLE, failure + ": " + complaint());
      }
    } catch (IOException e) {
      throw CommandFailure.file(folder, e);
    }
  }

  private boolean run(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    try {
      return process.waitFor() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.interrupted();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Beside the folder, which is emptied. */
  private Path log() {
    return folder.resolveSibling(folder.getFileName() + ".log");
  }

  private String complaint() throws IOException {
    String said = Files.readString(log()).strip().replaceAll("\\s+", " ");
    return said.length() <= LONGEST_COMPLAINT
        ? said
        : "… " + said.substring(said.length() - LONGEST_COMPLAINT);
  }
}
