package dev.facet.detector.image;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds what decoded pictures cost together: how many are being decoded at once, and how much
 * native memory all of them hold until they are closed. First come, first served, so that small
 * pictures do not pass a large one for ever.
 */
final class DecodeBudget {
  private static final long UNIT_BYTES = 64 * 1024;

  private final Semaphore turns;
  private final Semaphore memory;
  private final int memoryUnits;

  DecodeBudget(int turns, long bytes) {
    this.turns = new Semaphore(turns, /* fair= */ true);
    this.memoryUnits = units(bytes);
    this.memory = new Semaphore(memoryUnits, /* fair= */ true);
  }

  /** What one picture holds: memory, and a turn at decoding until it is decoded. */
  final class Share implements AutoCloseable {
    private int heldUnits;
    private boolean decoding = true;

    private Share(int heldUnits) {
      this.heldUnits = heldUnits;
    }

    /** Ends the turn and keeps this much of the memory. */
    void decoded(long keptBytes) {
      shrink(units(keptBytes));
    }

    /** Gives back what is held. */
    @Override
    public void close() {
      shrink(0);
    }

    private synchronized void shrink(int units) {
      int kept = Math.min(units, heldUnits);
      memory.release(heldUnits - kept);
      heldUnits = kept;
      if (decoding) {
        decoding = false;
        turns.release();
      }
    }
  }

  /**
   * Waits for memory and a turn. A picture that needs more than the whole budget takes all of it,
   * and so is alone.
   *
   * @param latestNanos when to begin at the latest, on the scale of {@link System#nanoTime}
   * @throws DecodeTimeoutException if that moment passes first
   */
  Share take(long bytes, long latestNanos) throws InterruptedException {
    int wanted = Math.min(units(bytes), memoryUnits);
    acquire(memory, wanted, latestNanos);
    try {
      acquire(turns, 1, latestNanos);
    } catch (DecodeTimeoutException | InterruptedException e) {
      memory.release(wanted);
      throw e;
    }
    return new Share(wanted);
  }

  private static void acquire(Semaphore semaphore, int permits, long latestNanos)
      throws InterruptedException {
    long nanos = latestNanos - System.nanoTime();
    if (nanos <= 0 || !semaphore.tryAcquire(permits, nanos, TimeUnit.NANOSECONDS)) {
      throw new DecodeTimeoutException();
    }
  }

  private static int units(long bytes) {
    return Math.toIntExact(Math.ceilDiv(bytes, UNIT_BYTES));
  }
}
