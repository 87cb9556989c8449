package dev.facet.bench;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Ends a measurement with an exit code and one line that says why. */
final class BenchFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  static final int USAGE = 2;
  static final int REFUSED = 65;
  static final int UNAVAILABLE = 69;
  static final int INTERNAL = 70;
  static final int FILE = 74;
  static final int INTERRUPTED = 130;

  private final int exitCode;

  BenchFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  private BenchFailure(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** A file that could not be read or written. */
  static BenchFailure file(Path file, IOException cause) {
    String reason =
        cause instanceof NoSuchFileException ? "no such file" : String.valueOf(cause.getMessage());
    return new BenchFailure(FILE, file + ": " + reason, cause);
  }

  static BenchFailure interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new BenchFailure(INTERRUPTED, "interrupted", cause);
  }

  int exitCode() {
    return exitCode;
  }
}
