package dev.facet.detector.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM of its own with the tests' class path, for what may crash it, fill its memory or write to
 * its standard error.
 */
public final class ChildJvm {
  private ChildJvm() {}

  /** A process that is not started yet; its standard error is that of the tests. */
  public static ProcessBuilder of(Class<?> main, List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }
}
