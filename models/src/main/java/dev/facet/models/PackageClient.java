package dev.facet.models;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Has a registry's own client fetch a package, with that client's configuration on this machine.
 *
 * <p>Neither client may run anything that a package brings: pip takes wheels only, and npm's
 * scripts are off. A registry that does not answer costs seconds: both are told to be impatient.
 *
 * @param limit on a whole download
 */
record PackageClient(Duration limit) {

  private static final int LONGEST_COMPLAINT = 300;

  private static final List<List<String>> PIP =
      List.of(List.of("pip"), List.of("pip3"), List.of("python3", "-m", "pip"));

  private static final List<List<String>> NPM = List.of(List.of("npm"));

  /**
   * Fetches the archive of a package into an empty folder.
   *
   * @throws IOException with a text for the operator: no client, or what the client says
   */
  void bring(Source.InPackage source, Path folder) throws IOException, InterruptedException {
    switch (source) {
      case Source.Pip _ -> run("pip", PIP, folder, pip(source.packageVersion(), folder.toString()));
      case Source.Npm _ -> run("npm", NPM, folder, npm(source.packageVersion(), folder.toString()));
    }
  }

  private static List<String> pip(String packageVersion, String folder) {
    return List.of(
        "download",
        "--no-deps",
        "--only-binary=:all:",
        "--no-input",
        "--disable-pip-version-check",
        "--quiet",
        "--retries=1",
        "--timeout=5",
        "--dest=" + folder,
        packageVersion);
  }

  private static List<String> npm(String packageVersion, String folder) {
    return List.of(
        "pack",
        "--ignore-scripts",
        "--silent",
        "--fetch-retries=0",
        "--fetch-timeout=10000",
        "--pack-destination=" + folder,
        packageVersion);
  }

  private void run(String name, List<List<String>> forms, Path folder, List<String> arguments)
      throws IOException, InterruptedException {
    for (List<String> form : forms) {
      List<String> command = new ArrayList<>(form);
      command.addAll(arguments);
      Optional<Process> process = start(command, folder);
      if (process.isPresent()) {
        finish(name, process.get());
        return;
      }
    }
    throw new IOException(name + " is not installed");
  }

  private static Optional<Process> start(List<String> command, Path folder) {
    try {
      // Not where this process runs: the settings of a project there must not count.
      Process process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      process.getOutputStream().close();
      return Optional.of(process);
    } catch (IOException e) {
      return Optional.empty(); // no such program
    }
  }

  private void finish(String name, Process process) throws IOException, InterruptedException {
    try {
      // Both are told to be quiet: what they say fits the pipe.
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("%s did not end within %d s".formatted(name, limit.toSeconds()));
      }
      if (process.exitValue() != 0) {
        throw new IOException("%s: %s".formatted(name, complaint(process)));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String complaint(Process process) throws IOException {
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .strip()
            .replaceAll("\\s+", " ");
    if (said.isEmpty()) {
      return "failed with exit code " + process.exitValue();
    }
    return said.substring(Math.max(0, said.length() - LONGEST_COMPLAINT));
  }
}
