package dev.facet.gateway.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * A file system of a few megabytes that can be filled up and emptied again. Skips the test where
 * this process may not mount one.
 */
public final class SmallDisk implements AutoCloseable {
  private static final int WRITE_BYTES = 1 << 16;

  private final Path folder;
  private final Path ballast;

  private SmallDisk(Path folder) {
    this.folder = folder;
    ballast = folder.resolve("ballast");
  }

  /** Mounts one. */
  public static SmallDisk mount(int megabytes) {
    try {
      Path folder = Files.createTempDirectory("facet-disk");
      boolean mounted =
          run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString());
      if (!mounted) {
        Files.delete(folder);
      }
      assumeTrue(mounted, "no small disk: this process may not mount one");
      return new SmallDisk(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean run(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where it is mounted. */
  public Path folder() {
    return folder;
  }

  /** Writes until the last byte is taken. */
  public void fill() {
    ByteBuffer bytes = ByteBuffer.allocate(WRITE_BYTES);
    try (FileChannel file =
        FileChannel.open(
            ballast,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND)) {
      while (true) {
        file.write(bytes.clear());
      }
    } catch (IOException full) {
      if (folder.toFile().getUsableSpace() > 0) {
        throw new UncheckedIOException(full);
      }
    }
  }

  /** Gives back what filling took. */
  public void empty() {
    try {
      Files.deleteIfExists(ballast);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Unmounts it; what is still mapped goes with the process. */
  @Override
  public void close() {
    if (run("umount", "-l", folder.toString())) {
      try {
        Files.delete(folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
