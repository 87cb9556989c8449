package dev.facet.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One finished run of the {@code facet} command as a process of its own. */
record Command(int status, String output, String errors) {

  static Command run(Path folder, List<String> arguments) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "facet", ".out");
    Path errors = Files.createTempFile(folder, "facet", ".err");
    int status = start(arguments, output, errors).waitFor();
    return new Command(status, Files.readString(output), Files.readString(errors));
  }

  static Process start(List<String> arguments, Path output, Path errors) throws IOException {
    return builder(arguments, errors).redirectOutput(output.toFile()).start();
  }

  /**
   * The same with its output to be read as it comes.
   *
   * @param environment variables beside those of this process
   */
  static Process piped(List<String> arguments, Path errors, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = builder(arguments, errors);
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static ProcessBuilder builder(List<String> arguments, Path errors) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // as the launcher does
                "-Dfacet.home=" + Repository.ROOT,
                "-jar",
                Repository.ROOT.resolve("cli/target/cli.jar").toString()));
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(errors.toFile());
  }
}
