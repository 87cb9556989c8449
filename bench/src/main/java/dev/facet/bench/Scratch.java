package dev.facet.bench;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder for what a measurement leaves behind; gone afterwards, after Ctrl-C too. */
public final class Scratch implements AutoCloseable {

  /** After a signal, whoever writes goes on meanwhile. */
  private static final int ATTEMPTS = 10;

  private final Path folder;
  private final Thread hook = new Thread(this::delete, "bench-scratch");

  /** Makes a new folder in the given one. */
  public Scratch(Path in) {
    try {
      folder = Files.createTempDirectory(Files.createDirectories(in), "facet-bench-");
    } catch (IOException e) {
      throw BenchFailure.file(in, e);
    }
    Runtime.getRuntime().addShutdownHook(hook);
  }

  public Path file(String name) {
    return folder.resolve(name);
  }

  /** Of all files in the folder and below. */
  static long bytes(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw BenchFailure.file(folder, e);
    }
  }

  @Override
  public void close() {
    delete();
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  private void delete() {
    for (int attempt = 0; attempt < ATTEMPTS && Files.exists(folder); attempt++) {
      tryDelete();
    }
  }

  private void tryDelete() {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE; // gone already
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
                throws IOException {
              Files.deleteIfExists(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      // A temporary folder: whoever cleans those will take it.
    }
  }
}
