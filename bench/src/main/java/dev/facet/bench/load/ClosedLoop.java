package dev.facet.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that send a call as soon as they have the answer to the one before. */
final class ClosedLoop {

  private final int clients;
  private final Duration patience;

  /**
   * A loop that can run once.
   *
   * @param patience how long an answer is waited for; longer than the deadline of a call
   */
  ClosedLoop(int clients, Duration patience) {
    this.clients = clients;
    this.patience = patience;
  }

  /** Returns when the window is over and the calls have ended, or patience has. */
  void run(Operation operation, Window window, Recording recording, Lateness lateness)
      throws InterruptedException {
    AtomicLong numbers = new AtomicLong();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        all.add(
            threads.submit(
                () -> {
                  call(operation, window, recording, lateness, numbers);
                  return null;
                }));
      }
      try {
        for (Future<?> client : all) {
          client.get();
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      } finally {
        threads.shutdownNow();
      }
    }
    recording.close();
  }

  private void call(
      Operation operation,
      Window window,
      Recording recording,
      Lateness lateness,
      AtomicLong numbers)
      throws InterruptedException {
    long due = System.nanoTime();
    for (long sent = due; sent - window.end() < 0; sent = System.nanoTime()) {
      lateness.sent(due, sent);
      recording.arrived(sent);
      CompletableFuture<Long> end = new CompletableFuture<>();
      long from = sent;
      operation.start(
          numbers.getAndIncrement(),
          outcome -> {
            long at = System.nanoTime();
            recording.ended(from, at, outcome);
            end.complete(at);
          });
      try {
        due = end.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        return; // the recording counts it among those never answered
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
