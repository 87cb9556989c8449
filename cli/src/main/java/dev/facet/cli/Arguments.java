package dev.facet.cli;

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
}
