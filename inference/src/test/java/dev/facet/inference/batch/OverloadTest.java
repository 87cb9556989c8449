package dev.facet.inference.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A model of fixed service time, ten milliseconds for up to four items, offered ten times what it
 * can do, by Poisson arrivals that do not wait for answers. Times are of this machine: to be run
 * alone.
 */
@Tag("faults")
@Timeout(300)
class OverloadTest {
  private static final int BATCH = 4;
  private static final Duration SERVICE = Duration.ofMillis(10);

  /** Items a second, if the model never paused. */
  private static final double CAPACITY = BATCH * 1e9 / SERVICE.toNanos();

  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final Random random = new Random(1);
  private Batcher<Integer, Integer> batcher = open();

  private static Batcher<Integer, Integer> open() {
    BatchModel<Integer, Integer> fixed =
        items -> {
          long end = System.nanoTime() + SERVICE.toNanos();
          for (long left = SERVICE.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
          }
          return items;
        };
    BatchPolicy policy =
        new BatchPolicy(
            BATCH, Duration.ZERO, 512, 1, Duration.ofSeconds(1), Duration.ofSeconds(10));
    return new Batcher<>("fixed", policy, fixed, BatchListener.SILENT);
  }

  @BeforeEach
  void warm() throws Exception {
    load(Priority.INTERACTIVE, 0.5, Duration.ofSeconds(2)).await();
  }

  @AfterEach
  void close() {
    batcher.close();
  }

  /** G21. */
  @Test
  void tenfoldOverloadCostsNoGoodputAndRefusalsAreQuick() throws Exception {
    Load load = load(Priority.INTERACTIVE, 10, Duration.ofSeconds(10)).await();
    load.print("overload");
    assertThat(load.goodput()).isGreaterThan(0.9 * CAPACITY);
    assertThat(percentile(load.answered, 99)).isLessThanOrEqualTo(PATIENCE.toNanos());
    assertThat(load.refused).hasSizeGreaterThan(load.answered.size());
    assertThat(percentile(load.refused, 99)).isLessThan(Duration.ofMillis(5).toNanos());
  }

  /** G22. */
  @Test
  void loadIsServedAsBeforeFiveSecondsAfterAnOverload() throws Exception {
    Load before = load(Priority.INTERACTIVE, 0.5, Duration.ofSeconds(5)).await();
    load(Priority.INTERACTIVE, 10, Duration.ofSeconds(20)).await();
    load(Priority.INTERACTIVE, 0.5, Duration.ofSeconds(5)).await();
    Load after = load(Priority.INTERACTIVE, 0.5, Duration.ofSeconds(5)).await();
    before.print("before");
    after.print("after");
    assertThat(after.refused).isEmpty();
    assertThat(after.late).hasValue(0);
    assertThat(percentile(after.answered, 99)).isLessThan(2 * percentile(before.answered, 99));
  }

  /** Interactive calls beside bulk that saturates the model. */
  @Test
  void interactiveCallsKeepTheirTailWhileBulkSaturates() throws Exception {
    Load alone = load(Priority.INTERACTIVE, 0.25, Duration.ofSeconds(10)).await();
    Load bulk = load(Priority.BULK, 10, Duration.ofSeconds(15));
    LockSupport.parkNanos(Duration.ofSeconds(4).toNanos()); // all that waits is past its patience
    Load beside = load(Priority.INTERACTIVE, 0.25, Duration.ofSeconds(10)).await();
    bulk.await();
    alone.print("alone");
    beside.print("beside bulk");
    bulk.print("bulk");
    assertThat(beside.refused).isEmpty();
    assertThat(beside.late).hasValue(0);
    // A run of bulk is under way when they come, and every fourth is led by bulk.
    assertThat(percentile(beside.answered, 99))
        .isLessThan(percentile(alone.answered, 99) + 3 * SERVICE.toNanos());
    assertThat(bulk.answered.size() / 15.0).isGreaterThan(0.5 * CAPACITY);
  }

  /** Begins to send, on a thread of its own. */
  private Load load(Priority priority, double share, Duration time) {
    Duration patience = priority == Priority.BULK ? Duration.ofMinutes(1) : PATIENCE;
    Load load = new Load(priority, share * CAPACITY, time, patience, random.nextLong());
    Thread.ofPlatform().start(load::send);
    return load;
  }

  private static long percentile(Queue<Long> nanos, double percent) {
    List<Long> sorted = nanos.stream().sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get((int) Math.ceil(percent / 100 * sorted.size()) - 1);
  }

  /** Calls of one kind, and what became of them. */
  private final class Load {
    private final Priority priority;
    private final double rate;
    private final Duration time;
    private final Duration patience;
    private final Random arrivals;
    private final Queue<Long> answered = new ConcurrentLinkedQueue<>();
    private final Queue<Long> refused = new ConcurrentLinkedQueue<>();
    private final AtomicInteger late = new AtomicInteger();
    private final CountDownLatch done = new CountDownLatch(1);

    Load(Priority priority, double rate, Duration time, Duration patience, long seed) {
      this.priority = priority;
      this.rate = rate;
      this.time = time;
      this.patience = patience;
      this.arrivals = new Random(seed);
    }

    private void send() {
      List<Thread> callers = new ArrayList<>();
      long due = System.nanoTime();
      long end = due + time.toNanos();
      while (due < end) {
        long intended = due;
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        callers.add(Thread.startVirtualThread(() -> call(intended)));
        due += (long) (-Math.log(1 - arrivals.nextDouble()) / rate * 1e9);
      }
      try {
        for (Thread caller : callers) {
          caller.join();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      done.countDown();
    }

    /** Answers are timed from when the call was due, refusals from when it was made. */
    private void call(long due) {
      long start = System.nanoTime();
      try {
        batcher.submit(List.of(1), priority, due + patience.toNanos()).await();
        answered.add(System.nanoTime() - due);
      } catch (QueueFullException e) {
        refused.add(System.nanoTime() - start);
      } catch (DeadlinePassedException e) {
        late.incrementAndGet();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    Load await() throws InterruptedException {
      done.await();
      return this;
    }

    /** Items answered in time, each second. */
    double goodput() {
      return answered.stream().filter(nanos -> nanos <= patience.toNanos()).count()
          * 1e9
          / time.toNanos();
    }

    void print(String name) {
      System.out.printf(
          "%s: offered %.0f/s of %.0f/s; answered %.0f/s, p50 %.1f ms, p99 %.1f ms; refused %d,"
              + " p99 %.3f ms; late %d%n",
          name,
          rate,
          CAPACITY,
          goodput(),
          percentile(answered, 50) / 1e6,
          percentile(answered, 99) / 1e6,
          refused.size(),
          percentile(refused, 99) / 1e6,
          late.get());
    }
  }
}
