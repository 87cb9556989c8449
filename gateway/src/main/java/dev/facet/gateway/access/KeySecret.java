package dev.facet.gateway.access;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key as its holder knows it: {@code facet_ID_SECRET}, 16 and 64 hexadecimal digits. The id is
 * public, the secret is 256 random bits.
 */
public final class KeySecret {
  private static final Pattern KEY = Pattern.compile("facet_([0-9a-f]{16})_([0-9a-f]{64})");
  private static final int ID_BYTES = 8;
  private static final int SECRET_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String id;
  private final byte[] secret;

  private KeySecret(String id, byte[] secret) {
    this.id = id;
    this.secret = secret;
  }

  /** One that nobody knows yet. */
  public static KeySecret fresh() {
    byte[] id = new byte[ID_BYTES];
    byte[] secret = new byte[SECRET_BYTES];
    RANDOM.nextBytes(id);
    RANDOM.nextBytes(secret);
    return new KeySecret(HexFormat.of().formatHex(id), secret);
  }

  /** The key in a text; empty if it has not the form of one. */
  public static Optional<KeySecret> parse(String text) {
    Matcher key = KEY.matcher(text);
    return key.matches()
        ? Optional.of(new KeySecret(key.group(1), HexFormat.of().parseHex(key.group(2))))
        : Optional.empty();
  }

  public String id() {
    return id;
  }

  /** The whole key, to be shown once. */
  public String reveal() {
    return "facet_%s_%s".formatted(id, HexFormat.of().formatHex(secret));
  }

  /**
   * Digest of the secret, in hex. One round is enough: what makes passwords need more is that they
   * can be guessed, and 256 random bits cannot.
   */
  public String sha256() {
    return HexFormat.of().formatHex(digest());
  }

  /**
   * Whether the digest is that of the secret, in a time that does not depend on where it is not.
   */
  boolean matches(String sha256) {
    return MessageDigest.isEqual(digest(), HexFormat.of().parseHex(sha256));
  }

  private byte[] digest() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return "facet_" + id;
  }
}
