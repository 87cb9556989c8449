package dev.facet.inference.batch;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Lets the items of many callers share the runs of one model. */
public final class Batcher<I, O> implements AutoCloseable {

  /*
   * What. Callers submit items and wait, each on its own (virtual) thread. A few platform threads,
   * the runners, take items from the queue, as many as fit one run, and run the model on them. The
   * unit is the item: a submission larger than a batch spreads over several, and small ones share.
   *
   * When a batch starts. At once, if a runner is idle and maxDelay is zero; batches then grow by
   * themselves while all runners are busy, which is when large batches pay. A positive maxDelay
   * lets an idle runner hold back a batch that is not full until its oldest item has been queued
   * that long. The delay counts from the enqueueing, so time spent behind a busy runner is not
   * waited again, and it never takes more than half of an item's time to its deadline. Decision
   * holds that choice as a function of numbers; the runners only obey it.
   *
   * Guarantees.
   *  - An accepted item ends exactly once, in one Outcome, and its submission hears of it.
   *  - What cannot be accepted is refused in submit: the queue is bounded in items, for each
   *    priority, and in time, because a queue longer than its callers' patience does only lost work.
   *    An item with nothing ahead of it is never refused for time, so that an estimate spoilt by
   *    one slow run is corrected by the next.
   *  - No run is started for items that are cancelled or past their deadline.
   *  - An item the model fails on does not take its batch mates with it (Isolation).
   *  - Bulk items wait while interactive ones come, but not for ever: once bulkPatience is over they
   *    go first in every fourth batch (ItemQueue).
   *  - A batch that the device has no memory for is run in halves, and no later one is larger than
   *    what fitted. A device that is lost, or has no memory for single items three times in a row,
   *    closes the batcher at once: what it has not answered ends as CLOSED, because another process
   *    can still answer it, and loss() tells whoever ends this one.
   *  - No caller's code runs on a runner: callers wait, nothing calls them back.
   *
   * Locking. One lock guards the queue, the batches in flight, the estimate and the closed flag;
   * one condition says that they changed. Taking an item out of the queue under the lock makes the
   * taker responsible for its ending; the ending itself is a compare-and-set on the item, outside
   * the lock, as are model runs and listeners. So a caller that leaves during a run ends its item
   * at once, and the run's answer, coming second, is forgotten.
   *
   * Why not a concurrent queue and a volatile flag: a runner that finds the queue empty and then
   * the flag set would leave, though an item was accepted between the two looks. Here a runner
   * leaves only when one look under the lock shows both.
   */

  private static final System.Logger log = System.getLogger(Batcher.class.getName());

  private final String name;
  private final BatchPolicy policy;
  private final BatchModel<I, O> model;
  private final Announcer announcer;
  private final LongSupplier clock;
  private final List<Thread> runners;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock.
  private final ItemQueue<I, O> queue;
  private final IdentityHashMap<Batch<I, O>, RunUnderWay> running = new IdentityHashMap<>();
  private final Admission admission;
  private final DeviceRecord device = new DeviceRecord();
  private boolean closed;
  private int serving; // runners that have not left
  private long batches;

  /** Starts the runners, named {@code name-0}, {@code name-1}, ... */
  public Batcher(String name, BatchPolicy policy, BatchModel<I, O> model, BatchListener listener) {
    this(name, policy, model, listener, System::nanoTime);
  }

  Batcher(
      String name,
      BatchPolicy policy,
      BatchModel<I, O> model,
      BatchListener listener,
      LongSupplier clock) {
    this.name = name;
    this.policy = policy;
    this.model = model;
    this.announcer = new Announcer(listener);
    this.clock = clock;
    this.queue = new ItemQueue<>(policy.maxBatch());
    this.admission = new Admission(policy);
    this.serving = policy.runners();
    this.runners =
        IntStream.range(0, policy.runners())
            .mapToObj(i -> Thread.ofPlatform().daemon().name(name + "-" + i).unstarted(this::serve))
            .toList();
    runners.forEach(Thread::start);
  }

  /**
   * Accepts all of the items or none; does not wait.
   *
   * @param items one or more inputs, or none, which are answered by an empty list
   * @param deadlineNanos when the answer becomes worthless, on the scale of {@link System#nanoTime}
   * @throws QueueFullException if the queue is too long for these items; more than {@link
   *     BatchPolicy#maxQueue()} of them never fit
   * @throws DeadlinePassedException if the deadline has passed already
   * @throws BatcherClosedException if the batcher is closed
   */
  public Submission<O> submit(List<I> items, Priority priority, long deadlineNanos) {
    Arrival arrival = Arrival.of(policy, priority, nanoTime(), deadlineNanos);
    if (arrival.remainingNanos(arrival.enqueuedNanos()) <= 0) {
      throw new DeadlinePassedException(0, items.size());
    }
    CountDownLatch open = new CountDownLatch(items.size());
    List<Item<I, O>> accepted =
        items.stream()
            .map(input -> new Item<I, O>(input, model.shape(input), arrival, open))
            .toList();
    try {
      enqueue(accepted, arrival);
    } catch (QueueFullException e) {
      announcer.refused(priority, items.size(), e.reason());
      throw e;
    }
    return new Submission<>(this, accepted, deadlineNanos, open);
  }

  /** Items waiting for a run, of one priority. */
  public int queued(Priority priority) {
    lock.lock();
    try {
      return queue.size(priority);
    } finally {
      lock.unlock();
    }
  }

  public String name() {
    return name;
  }

  /** Most items of a run now: {@link BatchPolicy#maxBatch()}, or fewer if memory was short. */
  public int limit() {
    lock.lock();
    try {
      return queue.limit();
    } finally {
      lock.unlock();
    }
  }

  /** What the runners are at. */
  public List<RunUnderWay> underWay() {
    lock.lock();
    try {
      return List.copyOf(running.values());
    } finally {
      lock.unlock();
    }
  }

  /** Why no run will succeed in this process any more; empty while all is well. */
  public Optional<DeviceException> loss() {
    lock.lock();
    try {
      return device.loss();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Refuses what comes, runs what was accepted, and returns when the runners have left, after
   * {@link BatchPolicy#drainTimeout()} at the latest or when interrupted: items without an answer
   * then end as {@link Outcome#CLOSED}, and a runner stuck in the model is interrupted and left
   * behind.
   */
  @Override
  public void close() {
    refuse();
    List<Item<I, O>> unanswered = new ArrayList<>();
    lock.lock();
    try {
      awaitRunners();
      unanswered.addAll(queue.removeAll());
      running.keySet().forEach(batch -> unanswered.addAll(batch.items()));
    } finally {
      lock.unlock();
    }
    announcer.drop(unanswered, Outcome.CLOSED, nanoTime());
    runners.forEach(Thread::interrupt);
  }

  /** Lets nothing more in; the runners leave when they have run what is there. */
  void refuse() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The threads that run the model. */
  List<Thread> runners() {
    return runners;
  }

  long nanoTime() {
    return clock.getAsLong();
  }

  /** Ends these items in this way, unless they have ended, and frees their places in the queue. */
  void withdraw(List<? extends Item<?, O>> items, Outcome outcome) {
    lock.lock();
    try {
      items.forEach(queue::remove);
    } finally {
      lock.unlock();
    }
    announcer.drop(items, outcome, nanoTime());
  }

  private void enqueue(List<Item<I, O>> items, Arrival arrival) {
    lock.lock();
    try {
      if (closed) {
        throw new BatcherClosedException(name);
      }
      admission.check(queue, items.size(), arrival);
      items.forEach(queue::add);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void serve() {
    for (Batch<I, O> batch = next(); batch != null; batch = next()) {
      announcer.drop(batch.expired(), Outcome.DEADLINE_PASSED, nanoTime());
      run(batch);
    }
  }

  /** Waits for a batch; null, and the runner leaves, when all is run and the batcher closed. */
  private @Nullable Batch<I, O> next() {
    lock.lock();
    try {
      Batch<I, O> batch = queue.poll(nanoTime(), /* draining= */ closed);
      while (batch == null && !closed) {
        try {
          changed.awaitNanos(queue.nanosToNextBatch(nanoTime()));
        } catch (InterruptedException e) {
          // The model left its thread interrupted. Only the state under the lock says when to go.
        }
        batch = queue.poll(nanoTime(), /* draining= */ closed);
      }
      if (batch == null) {
        serving--;
        changed.signalAll(); // closing waits for this
        return null;
      }
      running.put(batch, new RunUnderWay(Thread.currentThread(), batches++, batch.items().size()));
      if (!queue.isEmpty()) {
        changed.signal(); // one submission may be work for several runners, and woke only one
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void run(Batch<I, O> batch) {
    int size = batch.items().size();
    long start = nanoTime();
    Isolation<I, O> isolation = new Isolation<>(model, announcer, clock);
    int runs = isolation.run(batch.items());
    long nanos = nanoTime() - start;
    boolean limited;
    boolean lost;
    lock.lock();
    try {
      running.remove(batch);
      if (runs > 0) {
        admission.observe(nanos, size);
      }
      limited = queue.limit(isolation.fits());
      lost = device.lost(isolation);
    } finally {
      lock.unlock();
    }
    if (limited) {
      log.log(Level.WARNING, name + ": memory was short", isolation.shortage().orElse(null));
      announcer.limited(isolation.fits());
    }
    if (lost) {
      lose();
    }
    announcer.drop(batch.items(), Outcome.CLOSED, nanoTime()); // open where the device was lost
    if (runs > 0) {
      announcer.ran(size, runs - 1, nanos);
    }
  }

  /** Closes without running anything more. */
  private void lose() {
    log.log(Level.ERROR, name + ": the device is lost", loss().orElse(null));
    List<Item<I, O>> unanswered;
    lock.lock();
    try {
      closed = true;
      unanswered = queue.removeAll();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    announcer.drop(unanswered, Outcome.CLOSED, nanoTime());
  }

  private void awaitRunners() {
    long nanos = policy.drainTimeout().toNanos();
    try {
      while (serving > 0 && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
