package dev.facet.gateway.archive;

import java.time.Instant;
import java.util.HexFormat;

/** Where a chip lies, and since when. */
public record StoredChip(long collection, String name, Instant written) {
  private static final int MARK_DIGITS = 16;

  /** A place in an archive's order behind every chip of earlier collections, before any of this. */
  public static StoredChip beforeAll(long collection) {
    return new StoredChip(collection - 1, "z~" + "f".repeat(24), Instant.EPOCH);
  }

  /** What stands for a chip's name where a million names would be too much to remember. */
  public static long mark(String name) {
    // The 48 bits that were drawn for the name, and the last 16 of its time.
    return HexFormat.fromHexDigitsToLong(name, name.length() - MARK_DIGITS, name.length());
  }
}
