package dev.facet.gateway.jobs;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;

/** How far a job is, and whether it is still wanted: written by the job, read by its runner. */
public final class Progress {
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong expected = new AtomicLong();
  private volatile boolean unwanted;

  /** There is so much more to do. */
  public void expect(long items) {
    expected.addAndGet(items);
  }

  /**
   * So much more is done.
   *
   * @throws CancellationException when the job is to stop
   */
  public void add(long items) {
    done.addAndGet(items);
    requireWanted();
  }

  /**
   * To be asked between the steps of long work.
   *
   * @throws CancellationException when the job is to stop
   */
  public void requireWanted() {
    if (unwanted) {
      throw new CancellationException("the job is not wanted any more");
    }
  }

  long done() {
    return done.get();
  }

  /** Never less than what is done, as faces may come while they are counted. */
  long expected() {
    return Math.max(expected.get(), done.get());
  }

  void stop() {
    unwanted = true;
  }
}
