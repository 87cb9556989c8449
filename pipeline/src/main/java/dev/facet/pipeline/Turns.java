package dev.facet.pipeline;

import dev.facet.inference.batch.BatcherClosedException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets a bounded number of callers in at a time, first come, first served, until it is closed. A
 * server refuses what its queue cannot hold; callers in the same JVM are better made to wait.
 */
final class Turns {
  private final int most;
  private final Semaphore free;
  private volatile boolean closed;

  Turns(int most) {
    this.most = most;
    this.free = new Semaphore(most, /* fair= */ true);
  }

  /**
   * Waits for a turn and does the work.
   *
   * @throws IllegalStateException if this is closed before the work is done
   * @throws CancellationException if the thread was interrupted, and it stays so
   */
  <T> T during(Supplier<T> work) {
    try {
      free.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for a turn");
    }
    try {
      // Looked at inside the turn, so that closing either waits for this caller or is seen by it.
      if (closed) {
        throw new IllegalStateException("the pipeline is closed");
      }
      return work.get();
    } catch (BatcherClosedException e) {
      throw new IllegalStateException("the pipeline was closed meanwhile", e);
    } finally {
      free.release();
    }
  }

  /** Lets nobody in any more, and waits until all are out, so long or until interrupted. */
  void close(Duration patience) {
    closed = true;
    try {
      if (free.tryAcquire(most, patience.toNanos(), TimeUnit.NANOSECONDS)) {
        free.release(most); // whoever waits still is to hear that it is closed
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
