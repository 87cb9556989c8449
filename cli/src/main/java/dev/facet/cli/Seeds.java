package dev.facet.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Seeds of random draws, written {@code 1-10} or {@code 1,2,5} or {@code 1-3,8}. */
record Seeds(List<Long> values) {

  private static final Pattern PART = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");
  private static final int MOST = 10_000;

  static final class Converter implements ITypeConverter<Seeds> {
    @Override
    public Seeds convert(String text) {
      return parse(text);
    }
  }

  /**
   * Reads seeds.
   *
   * @throws TypeConversionException when they are written otherwise
   */
  static Seeds parse(String text) {
    List<Long> values = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Matcher matcher = PART.matcher(part);
      if (!matcher.matches()) {
        throw new TypeConversionException("'%s' is not like 1-10 or 1,2,5".formatted(text));
      }
      long first = Long.parseLong(matcher.group(1));
      long last = matcher.group(2) == null ? first : Long.parseLong(matcher.group(2));
      if (last < first || last - first >= MOST) {
        throw new TypeConversionException("'%s' is not a range of seeds".formatted(part));
      }
      for (long seed = first; seed <= last; seed++) {
        values.add(seed);
      }
    }
    return new Seeds(List.copyOf(values));
  }
}
