package dev.facet.inference.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * The races of submit, cancel and close, explored by Lincheck's model checker. The one that an
 * obvious design loses: a runner finds the queue empty; an item is accepted; close sets its flag;
 * the runner sees the flag and leaves, and the item never ends.
 *
 * <p>Closing is taken in its two halves, refusing and waiting for the runners, because the second
 * waits for a time, and time is not explored here.
 */
class BatcherInterleavingsTest {

  private static final int INVOCATIONS = 200;
  private static final long DEADLINE = Duration.ofHours(1).toNanos();

  @Test
  void itemAcceptedWhileClosingEnds() {
    Lincheck.runConcurrentTest(
        INVOCATIONS,
        () -> {
          AtomicInteger accepted = new AtomicInteger();
          AtomicInteger ended = new AtomicInteger();
          Batcher<Integer, Integer> batcher = batcher(ended);
          Thread caller = new Thread(() -> submit(batcher, accepted));
          caller.start();
          batcher.refuse();
          join(caller);
          batcher.runners().forEach(BatcherInterleavingsTest::join);
          assertEquals(accepted.get(), ended.get(), "items that ended");
        });
  }

  @Test
  void itemCancelledDuringItsRunEndsOnce() {
    Lincheck.runConcurrentTest(
        INVOCATIONS,
        () -> {
          AtomicInteger ended = new AtomicInteger();
          Batcher<Integer, Integer> batcher = batcher(ended);
          batcher.submit(List.of(1), Priority.INTERACTIVE, DEADLINE).cancel();
          batcher.refuse();
          batcher.runners().forEach(BatcherInterleavingsTest::join);
          assertEquals(1, ended.get(), "items that ended");
        });
  }

  private static Batcher<Integer, Integer> batcher(AtomicInteger ended) {
    BatchListener listener =
        new BatchListener() {
          @Override
          public void ended(Priority priority, Outcome outcome, BatchTiming timing) {
            ended.incrementAndGet();
          }
        };
    return new Batcher<>("test", BatchPolicy.of(1, 1), items -> items, listener, () -> 0);
  }

  private static void submit(Batcher<Integer, Integer> batcher, AtomicInteger accepted) {
    try {
      batcher.submit(List.of(1), Priority.INTERACTIVE, DEADLINE);
      accepted.incrementAndGet();
    } catch (BatcherClosedException refused) {
      // came too late: an answer as well
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
