package dev.facet.detector;

import dev.facet.bootstrap.CurrentCall;
import dev.facet.inference.batch.DeadlinePassedException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the memory of all pictures being searched at once. First come, first served; a search that
 * needs more than all of it takes all of it, and so is alone.
 */
final class PixelBudget {
  private static final long UNIT_BYTES = 64 * 1024;

  private final int units;
  private final Semaphore free;

  PixelBudget(long bytes) {
    this.units = units(bytes);
    this.free = new Semaphore(units, /* fair= */ true);
  }

  /** Memory held until it is closed. */
  @FunctionalInterface
  interface Share extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Waits for so much memory.
   *
   * @throws DeadlinePassedException if the call's deadline passes first
   */
  Share take(long bytes) {
    int taken = Math.min(units, units(bytes));
    long nanos = CurrentCall.deadlineNanos() - System.nanoTime();
    Thread waiting = Thread.currentThread();
    boolean held =
        CurrentCall.await(
            () -> free.tryAcquire(taken, nanos, TimeUnit.NANOSECONDS), waiting::interrupt);
    if (!held) {
      throw new DeadlinePassedException(
          "the deadline passed before there was memory for the search");
    }
    return () -> free.release(taken);
  }

  private static int units(long bytes) {
    return Math.toIntExact(Math.ceilDiv(bytes, UNIT_BYTES));
  }
}
