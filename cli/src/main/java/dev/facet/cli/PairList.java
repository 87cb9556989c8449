package dev.facet.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Pairs of photos that show one person or two, in the file format of Labeled Faces in the Wild's
 * development sets.
 *
 * <p>The first line is a number N; N lines {@code NAME I J} follow (photos I and J of one person),
 * then N lines {@code NAME I OTHER J}. Photo I of NAME is the file {@code NAME/NAME_000I.jpg}.
 */
record PairList(List<Pair> pairs) {

  /** Two photos, as paths below the folder of images. */
  record Pair(Path first, Path second, boolean samePerson) {}

  /**
   * Reads a file.
   *
   * @throws CommandFailure naming the line that is not as it should be
   */
  static PairList read(Path file) {
    try {
      return parse(Files.readAllLines(file), file.toString());
    } catch (IOException e) {
      throw CommandFailure.file(file, e);
    }
  }

  static PairList parse(List<String> lines, String origin) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        pairs.add(pair(lines.get(i).strip().split("\\s+", -1), origin, i + 1));
      }
    }
    int each = lines.isEmpty() ? 0 : number(lines.getFirst().strip(), origin, 1);
    long same = pairs.stream().filter(Pair::samePerson).count();
    if (each < 1 || same != each || pairs.size() - same != each) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "%s promises %d pairs of each kind and has %d of one person, %d of two"
              .formatted(origin, each, same, pairs.size() - same));
    }
    return new PairList(List.copyOf(pairs));
  }

  private static Pair pair(String[] columns, String origin, int line) {
    return switch (columns.length) {
      case 3 ->
          new Pair(
              photo(columns[0], columns[1], origin, line),
              photo(columns[0], columns[2], origin, line),
              true);
      case 4 ->
          new Pair(
              photo(columns[0], columns[1], origin, line),
              photo(columns[2], columns[3], origin, line),
              false);
      default ->
          throw new CommandFailure(
              ExitCode.REFUSED,
              "%s line %d has %d columns instead of 3 or 4"
                  .formatted(origin, line, columns.length));
    };
  }

  private static Path photo(String name, String number, String origin, int line) {
    return Path.of(name, "%s_%04d.jpg".formatted(name, number(number, origin, line)));
  }

  private static int number(String text, String origin, int line) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new CommandFailure(
          ExitCode.REFUSED, "%s line %d: '%s' is not a number".formatted(origin, line, text), e);
    }
  }
}
