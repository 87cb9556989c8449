package dev.facet.models;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a file is: known to the byte, or at least bounded where its publisher states a checksum
 * and no length.
 *
 * @param most bytes; the length itself if it is exact
 */
public record FileLength(long most, boolean exact) {

  private static final long LARGEST = 1L << 29;
  private static final Pattern AT_MOST = Pattern.compile("at most ([1-9][0-9]{0,9})");

  public FileLength {
    Rules.require(most > 0 && most <= LARGEST, "bytes must be 1 to " + LARGEST, most);
  }

  @JsonCreator
  public static FileLength of(long bytes) {
    return new FileLength(bytes, true);
  }

  /** Reads {@code at most N}. */
  @JsonCreator
  static FileLength of(String text) {
    Matcher matcher = AT_MOST.matcher(text);
    Rules.require(matcher.matches(), "bytes must be a number or 'at most N'", text);
    return new FileLength(Long.parseLong(matcher.group(1)), false);
  }

  /** The number, or {@code at most N}. */
  @JsonValue
  Object inCatalogue() {
    return exact ? (Object) most : "at most " + most;
  }

  boolean admits(long bytes) {
    return exact ? bytes == most : bytes <= most;
  }

  @Override
  public String toString() {
    return exact ? "%d bytes".formatted(most) : "at most %d bytes".formatted(most);
  }
}
