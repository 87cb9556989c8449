package dev.facet.cli;

import java.util.HashSet;
import java.util.List;

/** Checks values that the command line's syntax lets through. */
final class Arguments {

  private Arguments() {}

  /**
   * Refuses a number that is too small.
   *
   * @throws CommandFailure naming the option
   */
  static void atLeast(String option, int value, int least) {
    if (value < least) {
      throw new CommandFailure(
          ExitCode.USAGE, "%s must be at least %d, not %d".formatted(option, least, value));
    }
  }

  /**
   * Refuses a list with an empty name or one that comes twice.
   *
   * @throws CommandFailure naming the option
   */
  static void distinct(String option, List<String> names) {
    if (new HashSet<>(names).size() < names.size() || names.contains("")) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "%s must name each once, not %s".formatted(option, String.join(",", names)));
    }
  }
}
