package dev.facet.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 over a list of parts, in lower-case hexadecimal. Each part is preceded by its length, so
 * that no two lists run into the same bytes.
 */
final class Fingerprint {
  private final MessageDigest sha256;

  Fingerprint() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  static String of(String... parts) {
    Fingerprint fingerprint = new Fingerprint();
    for (String part : parts) {
      fingerprint.add(ByteBuffer.wrap(part.getBytes(UTF_8)));
    }
    return fingerprint.hex();
  }

  void add(ByteBuffer part) {
    sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.remaining()));
    sha256.update(part);
  }

  /** Adds a message in the one form that equal messages share. */
  void add(MessageLite message) {
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream output = CodedOutputStream.newInstance(bytes);
    output.useDeterministicSerialization();
    try {
      message.writeTo(output);
    } catch (IOException e) {
      throw new IllegalStateException("A message did not fit into its own size", e);
    }
    add(ByteBuffer.wrap(bytes));
  }

  /** Ends the list. */
  String hex() {
    return HexFormat.of().formatHex(sha256.digest());
  }
}
