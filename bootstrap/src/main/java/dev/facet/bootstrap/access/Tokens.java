package dev.facet.bootstrap.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Metadata;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** The tokens of a file, one a line, of which a caller sends the first and any is right. */
final class Tokens {
  static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  static final String SCHEME = "Bearer ";

  /** What {@code openssl rand -hex 16} makes is twice as long. */
  private static final int LEAST_LENGTH = 16;

  private volatile List<String> tokens = List.of();

  private Tokens() {}

  static Tokens load(String setting, Path file, WatchedFiles files) {
    Tokens tokens = new Tokens();
    files.load(setting, List.of(file), contents -> tokens.take(contents.getFirst()));
    return tokens;
  }

  private void take(byte[] content) throws GeneralSecurityException {
    List<String> lines =
        new String(content, UTF_8).lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    if (lines.isEmpty()) {
      throw new GeneralSecurityException("there is no token in the file");
    }
    for (String line : lines) {
      if (line.length() < LEAST_LENGTH || !line.chars().allMatch(c -> c > ' ' && c < 127)) {
        throw new GeneralSecurityException(
            "a token is not a word of %d ASCII characters at least".formatted(LEAST_LENGTH));
      }
    }
    tokens = lines;
  }

  String first() {
    return tokens.getFirst();
  }

  /** Takes as long for a wrong one as for a right one, whatever they have in common. */
  boolean hold(String candidate) {
    byte[] asked = digest(candidate);
    boolean found = false;
    for (String token : tokens) {
      found |= MessageDigest.isEqual(digest(token), asked);
    }
    return found;
  }

  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
