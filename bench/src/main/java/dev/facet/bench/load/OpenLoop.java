package dev.facet.bench.load;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Sends calls when they are due, whatever has become of those before. One thread sends; it sleeps
 * between two calls, as on a small machine a thread that spins takes a processor from the service.
 *
 * <p>A bound on the calls under way keeps the generator from filling its memory. A call beyond it
 * is not sent; it is counted as one that came and failed.
 */
final class OpenLoop {

  private final Arrivals arrivals;
  private final int maxInFlight;
  private final Duration patience;

  /**
   * A loop that can run once.
   *
   * @param maxInFlight calls under way at a time
   * @param patience how long the last calls are waited for; longer than their deadline
   */
  OpenLoop(Arrivals arrivals, int maxInFlight, Duration patience) {
    this.arrivals = arrivals;
    this.maxInFlight = maxInFlight;
    this.patience = patience;
  }

  /** Returns when the window is over and the calls have ended, or patience has. */
  void run(Operation operation, Window window, Recording recording, Lateness lateness)
      throws InterruptedException {
    Semaphore free = new Semaphore(maxInFlight);
    long number = 0;
    for (long due = window.begin() + arrivals.next();
        due - window.end() < 0;
        due = window.begin() + arrivals.next()) {
      Window.await(due);
      long intended = due;
      recording.arrived(intended);
      if (free.tryAcquire()) {
        lateness.sent(intended, System.nanoTime());
        operation.start(
            number,
            outcome -> {
              recording.ended(intended, System.nanoTime(), outcome);
              free.release();
            });
      } else {
        recording.ended(intended, System.nanoTime(), Outcome.failed(Failure.NOT_SENT));
      }
      number++;
    }
    var _ = free.tryAcquire(maxInFlight, patience.toNanos(), TimeUnit.NANOSECONDS);
    recording.close();
  }
}
