package dev.facet.bootstrap;

import java.util.List;

/** Every problem found in the settings of a service, all at once. */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  @SuppressWarnings("serial")
  private final List<String> problems;

  SettingsException(List<String> problems) {
    // No stack trace: the reader is the person who wrote the settings, not the one who wrote this.
    super(
        problems.size()
            + (problems.size() == 1 ? " problem" : " problems")
            + " in the settings:\n  - "
            + String.join("\n  - ", problems),
        null,
        false,
        false);
    this.problems = List.copyOf(problems);
  }

  /** One sentence per problem, each naming the key or argument; never the value of a secret. */
  public List<String> problems() {
    return problems;
  }
}
