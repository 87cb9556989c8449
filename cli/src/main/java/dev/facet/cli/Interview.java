package dev.facet.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds out what a file cannot tell: from an option, from a person at the terminal, or else by a
 * default, which is then said.
 *
 * @param person where answers are read; empty where nobody is to be asked
 * @param out where questions and defaults are written
 */
record Interview(Optional<BufferedReader> person, PrintWriter out) {

  /** With the person at the terminal, if there is one and they are to be asked. */
  static Interview at(PrintWriter out, boolean ask) {
    return new Interview(
        ask && ProgressBar.terminal()
            ? Optional.of(
                new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())))
            : Optional.empty(),
        out);
  }

  /**
   * The answer to one question. A person who answers wrongly is asked again.
   *
   * @param option its name, for instance {@code --size}
   * @param given what the option has, if it was used
   * @param standard the answer where there is no other
   * @param reader reads an answer, or throws IllegalArgumentException with what is wrong
   * @throws CommandFailure if the option's value is wrong, or the person leaves
   */
  <T> T ask(
      String question,
      String option,
      Optional<String> given,
      String standard,
      Function<String, T> reader) {
    if (given.isPresent()) {
      return read(option, given.get(), reader);
    }
    if (person.isEmpty()) {
      T answer = read(option, standard, reader);
      say("%s: %s (%s)".formatted(question, standard, option));
      return answer;
    }
    while (true) {
      out.print("%s [%s]: ".formatted(question, standard));
      out.flush();
      String line = line(person.get());
      try {
        return reader.apply(line.isBlank() ? standard : line.strip());
      } catch (IllegalArgumentException e) {
        say(String.valueOf(e.getMessage()));
      }
    }
  }

  private static <T> T read(String option, String value, Function<String, T> reader) {
    try {
      return reader.apply(value);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, option + ": " + e.getMessage(), e);
    }
  }

  private static String line(BufferedReader person) {
    try {
      String line = person.readLine();
      if (line == null) {
        throw CommandFailure.interrupted();
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void say(String text) {
    out.println(text);
    out.flush();
  }
}
