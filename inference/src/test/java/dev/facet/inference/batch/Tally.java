package dev.facet.inference.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what was accepted, refused and ended, to see that nothing is lost or counted twice. */
final class Tally implements BatchListener {

  private final AtomicInteger accepted = new AtomicInteger();
  private final Map<Outcome, AtomicInteger> ended = new EnumMap<>(Outcome.class);
  private final Map<QueueFullException.Reason, AtomicInteger> refused =
      new EnumMap<>(QueueFullException.Reason.class);

  private final Queue<Integer> limits = new ConcurrentLinkedQueue<>();

  Tally() {
    for (Outcome outcome : Outcome.values()) {
      ended.put(outcome, new AtomicInteger());
    }
    for (QueueFullException.Reason reason : QueueFullException.Reason.values()) {
      refused.put(reason, new AtomicInteger());
    }
  }

  void accepted(int items) {
    accepted.addAndGet(items);
  }

  @Override
  public void ended(Priority priority, Outcome outcome, BatchTiming timing) {
    at(ended, outcome).incrementAndGet();
  }

  @Override
  public void refused(Priority priority, int items, QueueFullException.Reason reason) {
    at(refused, reason).addAndGet(items);
  }

  @Override
  public void limited(int items) {
    limits.add(items);
  }

  /** What batches were limited to, one after the other. */
  List<Integer> limits() {
    return List.copyOf(limits);
  }

  int ended(Outcome outcome) {
    return at(ended, outcome).get();
  }

  int refused(QueueFullException.Reason reason) {
    return at(refused, reason).get();
  }

  void assertEveryItemEndedOnce() {
    assertThat(ended.values().stream().mapToInt(AtomicInteger::get).sum())
        .as("accepted items that ended")
        .isEqualTo(accepted.get());
  }

  private static <K> AtomicInteger at(Map<K, AtomicInteger> counts, K key) {
    return Objects.requireNonNull(counts.get(key));
  }
}
