package dev.facet.bench.all;

import dev.facet.bench.BenchFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Processes that a measurement started. */
public final class Children {

  private static final Duration LOOK = Duration.ofMillis(5);

  private Children() {}

  /**
   * Waits for a service.
   *
   * @return false when it ended, or was not ready in time
   */
  public static boolean awaitReady(Process process, Service service, Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    while (!service.ready()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        return false;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    return true;
  }

  /** What is said of a service that did not become ready: how its log ends. It is ended. */
  public static BenchFailure unready(Process process, Path log) {
    process.destroyForcibly();
    try {
      List<String> lines = Files.readAllLines(log);
      return new BenchFailure(
          BenchFailure.UNAVAILABLE,
          String.join("\n  ", lines.subList(Math.max(0, lines.size() - 8), lines.size())));
    } catch (IOException e) {
      return BenchFailure.file(log, e);
    }
  }

  /** Asks a process to end; {@link #awaitEnd} says how long it may take. */
  static void end(Process process, Duration patience) {
    process.destroy();
    awaitEnd(process, patience);
  }

  /** Waits for the end of a process, and makes it end when it takes too long. */
  static void awaitEnd(Process process, Duration patience) {
    try {
      if (!process.waitFor(patience)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
