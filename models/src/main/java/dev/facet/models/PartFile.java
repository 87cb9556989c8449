package dev.facet.models;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file of known size and checksum on its way into the cache.
 *
 * <p>It stands beside its final place under a name that ends in {@code .part}, may be left half
 * written, and moves to its place in one step once it is known to be right.
 */
final class PartFile {

  private static final int BUFFER_BYTES = 1 << 16;

  private final Path target;
  private final Path part;
  private final long totalBytes;
  private final Progress progress;

  PartFile(Path target, long totalBytes, Progress progress) {
    this.target = target;
    this.part = target.resolveSibling(target.getFileName() + ".part");
    this.totalBytes = totalBytes;
    this.progress = progress;
  }

  Path target() {
    return target;
  }

  long totalBytes() {
    return totalBytes;
  }

  /** How many bytes are there, from an earlier attempt or this one. */
  long keptBytes() throws IOException {
    if (!Files.exists(part)) {
      return 0;
    }
    if (Files.size(part) > totalBytes) {
      discard();
      return 0;
    }
    return Files.size(part);
  }

  /**
   * Writes what the stream has behind the first {@code offset} bytes, up to the known size.
   *
   * @throws IOException if reading or writing fails, or the stream ends too early
   */
  void receive(InputStream in, long offset) throws IOException {
    long done = offset;
    try (OutputStream out =
        Files.newOutputStream(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            offset > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      while (done < totalBytes) {
        int read = in.read(buffer, 0, (int) Math.min(BUFFER_BYTES, totalBytes - done));
        if (read < 0) {
          throw new IOException("ended after %d of %d bytes".formatted(done, totalBytes));
        }
        out.write(buffer, 0, read);
        done += read;
        progress.advanced(done, totalBytes);
      }
    }
  }

  String sha256() throws IOException {
    return Sha256.of(part);
  }

  void discard() throws IOException {
    Files.deleteIfExists(part);
  }

  void moveIntoPlace() throws IOException {
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
