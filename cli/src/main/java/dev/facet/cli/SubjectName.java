package dev.facet.cli;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;

/**
 * A person's name as people write it, and the subject id made of it.
 *
 * @param id of the alphabet of ids; different names have different ids
 * @param displayName what to call the subject; empty when the id is the name
 */
record SubjectName(String id, String displayName) {

  private static final int MAX_ID = 64;
  private static final int MAX_DISPLAY_NAME = 256;
  private static final int HASH_DIGITS = 8;

  /**
   * A name that is an id stays as it is. Any other loses accents, has everything else replaced by
   * {@code _}, and ends in the first digits of its SHA-256, so that two people whose names differ
   * only there never become one.
   */
  static SubjectName of(String name) {
    if (name.matches("[A-Za-z0-9._-]{1," + MAX_ID + "}")) {
      return new SubjectName(name, "");
    }
    String plain =
        Normalizer.normalize(name, Normalizer.Form.NFKD)
            .replaceAll("\\p{M}+", "")
            .replaceAll("[^A-Za-z0-9._-]+", "_");
    String start = plain.substring(0, Math.min(plain.length(), MAX_ID - HASH_DIGITS - 1));
    String shown = name.substring(0, Math.min(name.length(), MAX_DISPLAY_NAME));
    return new SubjectName(start + "-" + hash(name), shown);
  }

  private static String hash(String name) {
    try {
      // The same letters may be written in two ways (a file system's choice) and are one name.
      byte[] bytes =
          Normalizer.normalize(name, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
