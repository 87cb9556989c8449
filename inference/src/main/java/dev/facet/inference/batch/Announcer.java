package dev.facet.inference.batch;

import java.util.List;

/**
 * Ends items and tells the listener. A listener that throws is reported as its own fault; it costs
 * no item its ending and no runner its life.
 */
final class Announcer {

  private final BatchListener listener;

  Announcer(BatchListener listener) {
    this.listener = listener;
  }

  void ran(int items, int reruns, long nanos) {
    tell(() -> listener.ran(items, reruns, nanos));
  }

  void limited(int items) {
    tell(() -> listener.limited(items));
  }

  void refused(Priority priority, int items, QueueFullException.Reason reason) {
    tell(() -> listener.refused(priority, items, reason));
  }

  /** Ends the item in this way, unless it has ended. */
  <O> void end(Item<?, O> item, Ending<O> ending) {
    Priority priority = item.arrival().priority();
    item.end(ending, () -> tell(() -> listener.ended(priority, ending.outcome(), ending.timing())));
  }

  /** Ends these items without an answer, except those that have ended. */
  <O> void drop(List<? extends Item<?, O>> items, Outcome outcome, long nowNanos) {
    for (Item<?, O> item : items) {
      long queueNanos = nowNanos - item.arrival().enqueuedNanos();
      end(item, new Ending.Dropped<>(outcome, new BatchTiming(queueNanos, 0, 0)));
    }
  }

  private static void tell(Runnable event) {
    try {
      event.run();
    } catch (RuntimeException e) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }
}
