package dev.facet.bench;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Ends a measurement with an exit code and one line that says why. */
public final class BenchFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  public static final int NEGATIVE = 1;
  public static final int USAGE = 2;
  public static final int REFUSED = 65;
  public static final int UNAVAILABLE = 69;
  public static final int INTERNAL = 70;
  public static final int FILE = 74;
  public static final int NOTHING_CLAIMED = 75;
  public static final int INTERRUPTED = 130;

  private final int exitCode;

  /** Of a reason that the message tells. */
  public BenchFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  private BenchFailure(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** A file that could not be read or written. */
  public static BenchFailure file(Path file, IOException cause) {
    String reason =
        cause instanceof NoSuchFileException ? "no such file" : String.valueOf(cause.getMessage());
    return new BenchFailure(FILE, file + ": " + reason, cause);
  }

  /** Somebody asked for the end. */
  public static BenchFailure interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new BenchFailure(INTERRUPTED, "interrupted", cause);
  }

  /** One of those that the command's help lists. */
  public int exitCode() {
    return exitCode;
  }
}
