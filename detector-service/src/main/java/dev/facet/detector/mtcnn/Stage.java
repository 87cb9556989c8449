package dev.facet.detector.mtcnn;

import dev.facet.bootstrap.CurrentCall;
import dev.facet.inference.batch.BatchModel;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.batch.BatchResult;
import dev.facet.inference.batch.BatchTiming;
import dev.facet.inference.batch.Batcher;
import dev.facet.inference.batch.Priority;
import dev.facet.inference.batch.QueueFullException;
import dev.facet.inference.batch.QueueFullException.Reason;
import dev.facet.inference.batch.Submission;
import dev.facet.inference.metrics.BatchMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A network and its batcher, for any number of items: more than a share of the queue go in waves,
 * and a search that has begun waits at a full queue, where a new one is refused.
 */
final class Stage<I, O> implements AutoCloseable {
  private static final int QUEUE_SHARES = 4;

  private final BatchPolicy policy;
  private final Network<I, O> network;
  private final BatchMetrics metrics;
  private final Batcher<I, O> batcher;

  /** What a stage runs. */
  interface Network<I, O> extends BatchModel<I, O>, AutoCloseable {
    @Override
    List<O> run(List<I> items);

    /** Does once what the first runs would have to wait for. */
    default void warm() {}

    @Override
    void close();
  }

  /**
   * Takes a network over.
   *
   * @param name of its threads and meters
   * @param version of the model, for its meters
   */
  Stage(
      String name,
      String version,
      BatchPolicy policy,
      Network<I, O> network,
      MeterRegistry meters) {
    this.policy = policy;
    this.network = network;
    this.metrics = new BatchMetrics(meters, name, version);
    this.batcher = new Batcher<>(name, policy, network, metrics);
    metrics.watch(batcher);
  }

  /** The outputs in the order of the items, and what the slowest of them cost. */
  record Answers<O>(List<O> outputs, BatchTiming timing) {}

  /**
   * Runs the items; blocks.
   *
   * @param begun whether work would be lost if they were refused
   * @throws QueueFullException if they are refused
   */
  Answers<O> run(List<I> items, Priority priority, long deadlineNanos, boolean begun) {
    List<O> outputs = new ArrayList<>(items.size());
    long queueNanos = 0;
    long runNanos = 0;
    int batchSize = 0;
    int wave = Math.max(1, policy.maxQueue() / QUEUE_SHARES);
    for (int from = 0; from < items.size(); from += wave) {
      List<I> part = items.subList(from, Math.min(items.size(), from + wave));
      Submission<O> submission = submit(part, priority, deadlineNanos, begun || from > 0);
      for (BatchResult<O> result : CurrentCall.await(submission::await, submission::cancel)) {
        outputs.add(result.output());
        queueNanos = Math.max(queueNanos, result.timing().queueNanos());
        runNanos = Math.max(runNanos, result.timing().runNanos());
        batchSize = Math.max(batchSize, result.timing().batchSize());
      }
    }
    return new Answers<>(outputs, new BatchTiming(queueNanos, batchSize, runNanos));
  }

  Batcher<I, O> batcher() {
    return batcher;
  }

  /** Runs this item once in batches of every size. */
  void warm(I item) {
    network.warm();
    for (int size : policy.buckets()) {
      network.run(Collections.nCopies(size, item));
    }
  }

  @Override
  public void close() {
    batcher.close();
    metrics.close();
    network.close();
  }

  private Submission<O> submit(
      List<I> items, Priority priority, long deadlineNanos, boolean begun) {
    while (true) {
      try {
        return batcher.submit(items, priority, deadlineNanos);
      } catch (QueueFullException e) {
        if (!begun || e.reason() == Reason.TOO_LONG_A_WAIT) {
          throw e;
        }
        pause(e.retryAfter());
      }
    }
  }

  private static void pause(Duration duration) {
    Thread waiting = Thread.currentThread();
    CurrentCall.await(
        () -> {
          Thread.sleep(duration);
          return duration;
        },
        waiting::interrupt);
  }
}
