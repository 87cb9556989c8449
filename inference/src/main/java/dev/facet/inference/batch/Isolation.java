package dev.facet.inference.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a batch so that an item the model fails on fails alone.
 *
 * <p>A failed batch is halved again and again. With one bad item among n that takes at most ⌈log₂
 * n⌉ + 2 further runs (5 for a batch of 8): one for each halving, one for the halves not yet seen,
 * and one in which the last suspect runs alone, because the failure may have been of the batch (too
 * little memory for its size) and not of any item. If the halves not yet seen fail as well, each of
 * their items is run alone. So an item fails only after a run of its own, and a batch never costs
 * more than n + ⌈log₂ n⌉ + 1 further runs.
 */
final class Isolation<I, O> {

  private final BatchModel<I, O> model;
  private final Announcer announcer;
  private final LongSupplier clock;
  private final long startNanos;
  private int batchSize;
  private int runs;

  /** The time of the runs counts from here. */
  Isolation(BatchModel<I, O> model, Announcer announcer, LongSupplier clock) {
    this.model = model;
    this.announcer = announcer;
    this.clock = clock;
    this.startNanos = clock.getAsLong();
  }

  /**
   * Answers every item of the batch that is still open, each as soon as its answer is known;
   * returns how often the model was run.
   */
  int run(List<Item<I, O>> batch) {
    batchSize = batch.size();
    if (!attempt(batch)) {
      isolate(batch);
    }
    return runs;
  }

  private void isolate(List<Item<I, O>> batch) {
    List<Item<I, O>> suspects = batch;
    List<Item<I, O>> unseen = new ArrayList<>();
    boolean proven = true;
    while (suspects.size() > 1) {
      List<Item<I, O>> first = suspects.subList(0, suspects.size() / 2);
      List<Item<I, O>> second = suspects.subList(suspects.size() / 2, suspects.size());
      proven = !attempt(first);
      if (proven) {
        unseen.addAll(second);
      }
      suspects = proven ? first : second;
    }
    if (!proven) {
      attempt(suspects);
    }
    if (unseen.size() > 0 && !attempt(unseen) && unseen.size() > 1) {
      unseen.forEach(item -> attempt(List.of(item)));
    }
  }

  /**
   * Runs these items together, leaving out any whose caller has left meanwhile. True if the run
   * succeeded and all are answered; false if it failed, which answers an item that was alone.
   */
  private boolean attempt(List<Item<I, O>> items) {
    List<Item<I, O>> open = items.stream().filter(Item::isOpen).toList();
    if (open.isEmpty()) {
      return true;
    }
    runs++;
    List<O> outputs;
    try {
      outputs = List.copyOf(model.run(open.stream().map(Item::input).toList()));
      if (outputs.size() != open.size()) {
        throw new IllegalStateException(
            "%d outputs for %d items".formatted(outputs.size(), open.size()));
      }
    } catch (Throwable e) { // an Error too: the runner and the other items outlive it
      if (open.size() == 1) {
        announcer.end(open.getFirst(), failed(open.getFirst(), "the model failed on this item", e));
      }
      return false;
    }
    for (int i = 0; i < open.size(); i++) {
      announcer.end(open.get(i), checked(open.get(i), outputs.get(i)));
    }
    return true;
  }

  private BatchResult<O> checked(Item<I, O> item, O output) {
    Optional<String> flaw;
    try {
      flaw = model.flaw(output);
    } catch (RuntimeException e) {
      return failed(item, "the output could not be checked", e);
    }
    return flaw.<BatchResult<O>>map(text -> failed(item, text, null))
        .orElseGet(() -> new BatchResult.Done<>(output, timing(item)));
  }

  private BatchResult<O> failed(Item<I, O> item, String message, @Nullable Throwable cause) {
    return new BatchResult.Failed<>(new ModelFailedException(message, cause), timing(item));
  }

  private BatchTiming timing(Item<I, O> item) {
    return new BatchTiming(
        startNanos - item.arrival().enqueuedNanos(), batchSize, clock.getAsLong() - startNanos);
  }
}
