package dev.facet.cli;

import dev.facet.models.ModelCacheException;
import dev.facet.models.ModelException;
import dev.facet.models.UnknownModelException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Ends a command with an exit code and one line that says why. */
class CommandFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int exitCode;

  CommandFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  CommandFailure(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** A file that could not be read or written. */
  static CommandFailure file(Path file, IOException cause) {
    if (cause instanceof ClosedByInterruptException
        || cause instanceof FileLockInterruptionException) {
      return interrupted();
    }
    String reason =
        cause instanceof NoSuchFileException ? "no such file" : String.valueOf(cause.getMessage());
    return new CommandFailure(ExitCode.FILE, file + ": " + reason, cause);
  }

  /** A model that cannot be had. */
  static CommandFailure model(ModelException cause) {
    int exitCode =
        switch (cause) {
          case UnknownModelException _ -> ExitCode.USAGE;
          case ModelCacheException _ -> ExitCode.FILE;
          default -> ExitCode.UNAVAILABLE;
        };
    return new CommandFailure(exitCode, String.valueOf(cause.getMessage()), cause);
  }

  static CommandFailure interrupted() {
    return new CommandFailure(ExitCode.INTERRUPTED, "interrupted");
  }

  int exitCode() {
    return exitCode;
  }

  /** Whether it says something about this input; otherwise the next would fare no better. */
  boolean aboutInput() {
    return exitCode == ExitCode.REFUSED
        || exitCode == ExitCode.FILE
        || exitCode == ExitCode.INTERNAL;
  }
}
