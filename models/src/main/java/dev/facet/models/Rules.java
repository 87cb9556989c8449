package dev.facet.models;

import java.util.regex.Pattern;

/** The checks that several parts of a catalogue entry share. */
final class Rules {

  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private Rules() {}

  static void require(boolean holds, String rule, Object actual) {
    if (!holds) {
      throw new IllegalArgumentException("%s, not '%s'".formatted(rule, actual));
    }
  }

  /** Between 0 and 1, neither of them. */
  static void requireFraction(String field, double value) {
    require(value > 0 && value < 1, field + " must be between 0 and 1", value);
  }

  /** A name that stays in its directory. */
  static void requireFileName(String field, String name) {
    require(FILE_NAME.matcher(name).matches(), field + " must be a plain file name", name);
  }
}
