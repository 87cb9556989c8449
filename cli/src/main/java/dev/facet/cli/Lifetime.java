package dev.facet.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** A span of time as it is typed: {@code 90d}, {@code 12h}, {@code 30m} or {@code 45s}. */
record Lifetime(Duration duration) {
  private static final Pattern SPAN = Pattern.compile("(\\d{1,6})([smhd])");

  /**
   * Reads one.
   *
   * @throws TypeConversionException when it is none
   */
  static Lifetime of(String text) {
    Matcher span = SPAN.matcher(text);
    if (!span.matches()) {
      throw new TypeConversionException("'" + text + "' is not like 90d, 12h, 30m or 45s");
    }
    long count = Long.parseLong(span.group(1));
    return new Lifetime(
        switch (span.group(2)) {
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        });
  }
}
