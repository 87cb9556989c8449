package dev.facet.inference.batch;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One accepted input on its way to its one ending. */
final class Item<I, O> {

  private final I input;
  private final Object shape;
  private final Arrival arrival;
  private final CountDownLatch open;
  private final AtomicReference<@Nullable Ending<O>> ending = new AtomicReference<>();

  /** Order of acceptance, among items of one turn; written by the queue. */
  long sequence;

  /**
   * @param open counts the items of the submission that have not ended
   */
  Item(I input, Object shape, Arrival arrival, CountDownLatch open) {
    this.input = input;
    this.shape = shape;
    this.arrival = arrival;
    this.open = open;
  }

  I input() {
    return input;
  }

  Object shape() {
    return shape;
  }

  Arrival arrival() {
    return arrival;
  }

  /** How it ended, or null while it has not. */
  @Nullable Ending<O> ending() {
    return ending.get();
  }

  boolean isOpen() {
    return ending.get() == null;
  }

  /**
   * Ends this item unless it has ended: the first one wins and is announced, then its submission
   * hears that one item fewer is open. A later one, such as the answer of a run whose caller has
   * left, is forgotten.
   */
  void end(Ending<O> how, Runnable announcement) {
    if (ending.compareAndSet(null, how)) {
      try {
        announcement.run();
      } finally {
        open.countDown();
      }
    }
  }
}
