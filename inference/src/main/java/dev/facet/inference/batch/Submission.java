package dev.facet.inference.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Items that were accepted together; the caller waits for them here, on a thread of its own. */
public final class Submission<O> {

  private final Batcher<?, O> batcher;
  private final List<? extends Item<?, O>> items;
  private final long deadlineNanos;
  private final CountDownLatch open;

  Submission(
      Batcher<?, O> batcher,
      List<? extends Item<?, O>> items,
      long deadlineNanos,
      CountDownLatch open) {
    this.batcher = batcher;
    this.items = items;
    this.deadlineNanos = deadlineNanos;
    this.open = open;
  }

  /**
   * Waits for all items, at most until the deadline. Leaving early withdraws what has not ended:
   * waiting items free their places at once, the result of a run under way is forgotten. May be
   * called again, and by several threads.
   *
   * @return one result per item, in the order submitted
   * @throws DeadlinePassedException if the deadline passed before every item was answered
   * @throws CancellationException if it was cancelled before every item was answered
   * @throws BatcherClosedException if the batcher closed before every item was answered
   * @throws InterruptedException if the waiting thread was interrupted; cancels the submission
   */
  public List<BatchResult<O>> await() throws InterruptedException {
    try {
      if (!open.await(deadlineNanos - batcher.nanoTime(), TimeUnit.NANOSECONDS)) {
        batcher.withdraw(items, Outcome.DEADLINE_PASSED);
        open.await();
      }
    } catch (InterruptedException e) {
      cancel();
      throw e;
    }
    return results();
  }

  /** Withdraws every item that has not ended. Safe from any thread, at any time, repeatedly. */
  public void cancel() {
    batcher.withdraw(items, Outcome.CANCELLED);
  }

  private List<BatchResult<O>> results() {
    List<BatchResult<O>> results = new ArrayList<>(items.size());
    for (Item<?, O> item : items) {
      switch (item.ending()) {
        case BatchResult<O> result -> results.add(result);
        case Ending.Dropped<O> dropped -> throw unanswered(dropped.outcome());
        case null -> throw new AssertionError("an item is open after its submission ended");
      }
    }
    return results;
  }

  private RuntimeException unanswered(Outcome outcome) {
    return switch (outcome) {
      case CLOSED -> new BatcherClosedException(batcher.name());
      case CANCELLED -> new CancellationException("the submission was cancelled");
      default ->
          new DeadlinePassedException(
              items.stream().filter(item -> item.ending() instanceof BatchResult).count(),
              items.size());
    };
  }
}
