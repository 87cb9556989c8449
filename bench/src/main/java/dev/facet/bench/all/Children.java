package dev.facet.bench.all;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Processes that a measurement started. */
final class Children {

  private static final Duration LOOK = Duration.ofMillis(5);

  private Children() {}

  /**
   * Waits for a service.
   *
   * @return false when it ended, or was not ready in time
   */
  static boolean awaitReady(Process process, RunningFacet.Service service, Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    while (!service.ready()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        return false;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    return true;
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
