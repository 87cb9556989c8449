package dev.facet.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/** Makes keys of the form that the gateway knows, and writes keys where only their owner reads. */
final class FreshKey {
  private static final int ID_BYTES = 8;
  private static final int SECRET_BYTES = 32;

  private FreshKey() {}

  /** {@code facet_ID_SECRET}, both random. */
  static String generate() {
    SecureRandom random = new SecureRandom();
    byte[] id = new byte[ID_BYTES];
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(id);
    random.nextBytes(secret);
    HexFormat hex = HexFormat.of();
    return "facet_%s_%s".formatted(hex.formatHex(id), hex.formatHex(secret));
  }

  /**
   * Writes a key into a new file with mode 0600.
   *
   * @throws CommandFailure when there is such a file already, or it cannot be written
   */
  static void write(Path file, String key) {
    try {
      boolean posix =
          file.toAbsolutePath().getFileSystem().supportedFileAttributeViews().contains("posix");
      var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      try (var channel =
          posix
              ? Files.newByteChannel(
                  file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)
              : Files.newByteChannel(
                  file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
        channel.write(StandardCharsets.US_ASCII.encode(key + "\n"));
      }
    } catch (IOException e) {
      throw CommandFailure.file(file, e);
    }
  }

  /** The key in a file, which gets a fresh one when it is not there. */
  static Path ensure(Path file) {
    if (!Files.exists(file)) {
      write(file, generate());
    }
    return file;
  }
}
