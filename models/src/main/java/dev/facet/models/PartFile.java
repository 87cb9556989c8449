package dev.facet.models;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file of known checksum and of known, or at least bounded, length on its way into the cache.
 *
 * <p>It stands beside its final place under a name that ends in {@code .part}, may be left half
 * written, and moves to its place in one step once it is known to be right.
 */
final class PartFile {

  private static final int BUFFER_BYTES = 1 << 16;

  private final Path target;
  private final Path part;
  private final FileLength length;
  private final Progress progress;
  private boolean ended; // a stream of unknown length came to its end

  PartFile(Path target, FileLength length, Progress progress) {
    this.target = target;
    this.part = target.resolveSibling(target.getFileName() + ".part");
    this.length = length;
    this.progress = progress;
  }

  /** Where the file will lie. */
  Path folder() {
    return target.resolveSibling("");
  }

  FileLength length() {
    return length;
  }

  /**
   * How many bytes are there to be continued, from an earlier attempt or this one; none where the
   * length is unknown, since nobody could tell whether they are all.
   */
  long keptBytes() throws IOException {
    if (!Files.exists(part) || !length.exact()) {
      return 0;
    }
    if (Files.size(part) > length.most()) {
      discard();
      return 0;
    }
    return Files.size(part);
  }

  /** Whether all bytes are there; that they are the right ones is for the checksum to say. */
  boolean complete() throws IOException {
    return length.exact() ? keptBytes() == length.most() : ended;
  }

  /**
   * Writes what the stream has behind the first {@code offset} bytes, up to the known length.
   *
   * @throws IOException if reading or writing fails, or the stream ends too early, or does not end
   *     within its bound
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
      while (done < length.most() || !length.exact()) {
        int read = in.read(buffer, 0, Math.clamp(length.most() - done, 1, BUFFER_BYTES));
        if (read < 0 && !length.exact()) {
          ended = true;
          return;
        }
        if (read < 0) {
          throw new IOException("ended after %d of %d bytes".formatted(done, length.most()));
        }
        if (done == length.most()) {
          throw new IOException("has more than %d bytes".formatted(length.most()));
        }
        out.write(buffer, 0, read);
        done += read;
        progress.advanced(done, length.most());
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
