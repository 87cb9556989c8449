package dev.facet.bench.all;

import dev.facet.inference.batch.BatchListener;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.batch.Batcher;
import dev.facet.inference.batch.DeadlinePassedException;
import dev.facet.inference.batch.Priority;
import dev.facet.inference.batch.QueueFullException;
import dev.facet.inference.batch.Submission;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * The batcher with a model that takes a fixed time for a run and no processor, under Poisson
 * arrivals of many times its capacity: neither generator nor model is the limit.
 */
final class StubOverload {

  static final int BATCH = 16;
  static final int RUN_MILLIS = 20;
  static final int PATIENCE_MILLIS = 200;

  private static final double WARM_UP_SECONDS = 0.5;

  private StubOverload() {}

  /**
   * What callers got.
   *
   * @param goodput answers in time, of what the stub can give
   */
  record Outcome(double goodput, double rejectionP99Millis) {}

  static Outcome run(double times, double seconds, long seed) {
    double capacity = 1000.0 * BATCH / RUN_MILLIS;
    BatchPolicy policy =
        new BatchPolicy(
            BATCH,
            Duration.ZERO,
            16 * BATCH,
            1,
            Duration.ofSeconds(1),
            Duration.ofMillis(PATIENCE_MILLIS));
    AtomicLong answered = new AtomicLong();
    Histogram rejections = new Histogram(3);
    try (Batcher<Integer, Integer> batcher =
            new Batcher<>("stub", policy, StubOverload::run, BatchListener.SILENT);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      SplittableRandom random = new SplittableRandom(seed);
      long begin = System.nanoTime();
      long measured = begin + (long) (WARM_UP_SECONDS * 1e9);
      long end = measured + (long) (seconds * 1e9);
      for (double due = begin; due < end; due += 1e9 * pause(random, times * capacity)) {
        await((long) due);
        long arrival = (long) due;
        long start = System.nanoTime();
        try {
          Submission<Integer> submission =
              batcher.submit(
                  List.of(1),
                  Priority.INTERACTIVE,
                  start + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS));
          var _ = callers.submit(() -> count(submission, measured, end, answered));
        } catch (QueueFullException e) {
          if (arrival >= measured) {
            rejections.recordValue(System.nanoTime() - start);
          }
        }
      }
    }
    return new Outcome(
        answered.get() / (capacity * seconds), rejections.getValueAtPercentile(99) / 1e6);
  }

  private static List<Integer> run(List<Integer> items) throws InterruptedException {
    Thread.sleep(RUN_MILLIS);
    return items;
  }

  private static void count(
      Submission<Integer> submission, long from, long to, AtomicLong answered) {
    try {
      var _ = submission.await();
      long now = System.nanoTime();
      if (now >= from && now < to) {
        answered.incrementAndGet();
      }
    } catch (DeadlinePassedException e) {
      return; // no answer in time is none
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Seconds until the next arrival of a Poisson process. */
  private static double pause(SplittableRandom random, double rate) {
    return -Math.log(1 - random.nextDouble()) / rate;
  }

  private static void await(long nanoTime) {
    long left = nanoTime - System.nanoTime();
    if (left > 0) {
      LockSupport.parkNanos(left);
    }
  }
}
