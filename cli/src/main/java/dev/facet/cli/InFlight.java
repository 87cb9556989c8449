package dev.facet.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Works on several items at a time. */
final class InFlight {

  private InFlight() {}

  /**
   * The results of {@code work}, in the order of the items, at most {@code limit} being worked on
   * at any time. The first exception interrupts what is being worked on and is thrown.
   */
  static <T, R> List<R> map(List<T> items, int limit, Function<T, R> work) {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(limit, Thread.ofVirtual().factory())) {
      var finished = new ExecutorCompletionService<R>(threads);
      List<Future<R>> results = new ArrayList<>(items.size());
      try {
        for (T item : items) {
          results.add(finished.submit(() -> work.apply(item)));
        }
        for (int i = 0; i < items.size(); i++) {
          finished.take().get();
        }
      } catch (ExecutionException e) {
        threads.shutdownNow();
        throw e.getCause() instanceof RuntimeException failure
            ? failure
            : new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        threads.shutdownNow();
        Thread.currentThread().interrupt();
        throw CommandFailure.interrupted();
      }
      return results.stream().map(Future::resultNow).toList();
    }
  }
}
