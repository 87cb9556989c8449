package dev.facet.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** The folder that holds all that one {@code facet up} keeps; one of them at a time may hold it. */
final class DataDirectory implements AutoCloseable {

  private static final String LOCK = "up.lock";

  private final Path path;
  private final FileChannel lock;

  private DataDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Takes the folder, which is made where it is missing.
   *
   * @throws CommandFailure naming the process that holds it, or when it cannot be written
   */
  static DataDirectory take(Path path) {
    Path file = path.resolve(LOCK);
    FileChannel lock = null;
    try {
      Files.createDirectories(path);
      lock =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!locked(lock)) {
        String holder = Files.readString(file).strip();
        lock.close();
        throw new CommandFailure(
            ExitCode.UNAVAILABLE,
            "%s is in use by another facet up (process %s)".formatted(path, holder));
      }
      lock.truncate(0);
      lock.write(
          ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
      return new DataDirectory(path, lock);
    } catch (IOException e) {
      throw CommandFailure.file(path, e);
    }
  }

  /** {@code facet} in the user's data folder, after the XDG base directory rules. */
  static Path standard(Map<String, String> environment, Path home) {
    Path data = Path.of(environment.getOrDefault("XDG_DATA_HOME", ""));
    // The rules say that a relative path is to be ignored.
    return (data.isAbsolute() ? data : home.resolve(".local").resolve("share")).resolve("facet");
  }

  Path path() {
    return path;
  }

  /** The operator's first key. */
  Path adminKey() {
    return path.resolve("admin.key");
  }

  /** Where the services write what they have to say. */
  Path logs() {
    return path.resolve("logs");
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      // The lock ends with the process at the latest.
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }
}
