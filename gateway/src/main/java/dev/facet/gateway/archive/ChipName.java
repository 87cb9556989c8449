package dev.facet.gateway.archive;

import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a chip: the face's id, when it was written, and a random part that keeps every name
 * new. The {@code ~} is in no id.
 *
 * @param text {@code <face id>~<milliseconds since 1970, 12 hex digits><12 random hex digits>}
 */
record ChipName(String text, Instant written) {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9._-]{1,64}~([0-9a-f]{12})[0-9a-f]{12}");
  private static final int DIGITS = 12;

  /** A new name. */
  static ChipName fresh(String faceId, Instant now) {
    HexFormat hex = HexFormat.of();
    String stamp = hex.toHexDigits(now.toEpochMilli(), DIGITS);
    return of(
        faceId + "~" + stamp + hex.toHexDigits(ThreadLocalRandom.current().nextLong(), DIGITS));
  }

  /** Whether an archive may have made the name. */
  static boolean isOne(String text) {
    return NAME.matcher(text).matches();
  }

  /**
   * @throws IllegalArgumentException when no archive made the name
   */
  static ChipName of(String text) {
    Matcher matcher = NAME.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not the name of a chip");
    }
    return new ChipName(
        text, Instant.ofEpochMilli(HexFormat.fromHexDigitsToLong(matcher.group(1))));
  }

  /** Two hex digits that spread names evenly over 256 folders. */
  String shard() {
    return text.substring(text.length() - 2);
  }
}
