package dev.facet.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/** Work on several processors; a failure of one thread is the caller's. */
final class Workers {

  private Workers() {}

  /** Does parts 0 to parts − 1, each once, whichever thread is free taking the next. */
  static void each(int threads, int parts, IntConsumer work) {
    AtomicInteger next = new AtomicInteger();
    map(
        threads,
        _ -> {
          for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
            work.accept(part);
          }
          return true;
        });
  }

  /** What every thread makes, told its number. */
  static <T> List<T> map(int threads, IntFunction<T> work) {
    try (ExecutorService pool =
        Executors.newFixedThreadPool(threads, Thread.ofPlatform().name("bench-", 0).factory())) {
      List<Callable<T>> tasks = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int number = thread;
        tasks.add(() -> work.apply(number));
      }
      List<T> made = new ArrayList<>();
      for (Future<T> task : pool.invokeAll(tasks)) {
        made.add(task.get());
      }
      return made;
    } catch (InterruptedException e) {
      throw BenchFailure.interrupted(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
