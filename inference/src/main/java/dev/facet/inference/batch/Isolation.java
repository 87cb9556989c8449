package dev.facet.inference.batch;

import dev.facet.inference.batch.DeviceException.Fault;
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
 * and one in which the last suspect runs alone, because the failure may have been of the batch and
 * not of any item. If the halves not yet seen fail as well, each of their items is run alone. So an
 * item fails only after a run of its own, and a batch never costs more than n + ⌈log₂ n⌉ + 1
 * further runs.
 *
 * <p>Where the device had too little memory, no item is to blame: the batch is run in halves, and
 * those in halves again, until they fit. Where the device is lost, nothing more is run, and what
 * has no answer stays open.
 */
final class Isolation<I, O> {

  private final BatchModel<I, O> model;
  private final Announcer announcer;
  private final LongSupplier clock;
  private final long startNanos;
  private int batchSize;
  private int runs;
  private int fits = Integer.MAX_VALUE;
  private int successes;
  private @Nullable DeviceException shortage;
  private @Nullable DeviceException loss;

  /** The time of the runs counts from here. */
  Isolation(BatchModel<I, O> model, Announcer announcer, LongSupplier clock) {
    this.model = model;
    this.announcer = announcer;
    this.clock = clock;
    this.startNanos = clock.getAsLong();
  }

  /**
   * Answers every item of the batch that is still open, each as soon as its answer is known, unless
   * the device is lost; returns how often the model was run.
   */
  int run(List<Item<I, O>> batch) {
    batchSize = batch.size();
    settle(batch);
    return runs;
  }

  /** Most items that may be run together after what was seen of the device's memory. */
  int fits() {
    return fits;
  }

  /** Whether any run succeeded. */
  boolean succeeded() {
    return successes > 0;
  }

  /** The last time that the memory was too little. */
  Optional<DeviceException> shortage() {
    return Optional.ofNullable(shortage);
  }

  /** Why the device is of no use any more. */
  Optional<DeviceException> loss() {
    return Optional.ofNullable(loss);
  }

  private void settle(List<Item<I, O>> items) {
    if (!attempt(items)) {
      isolate(items);
    }
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
   * Runs these items together, leaving out any whose caller has left meanwhile. True if there is
   * nothing more to be done about them; false if the run failed, which answers an item that was
   * alone.
   */
  private boolean attempt(List<Item<I, O>> items) {
    List<Item<I, O>> open = items.stream().filter(Item::isOpen).toList();
    if (open.isEmpty() || loss != null) {
      return true;
    }
    if (open.size() > fits) {
      runInParts(open);
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
      return blame(open, e);
    }
    successes++;
    for (int i = 0; i < open.size(); i++) {
      announcer.end(open.get(i), checked(open.get(i), outputs.get(i)));
    }
    return true;
  }

  private boolean blame(List<Item<I, O>> open, Throwable thrown) {
    if (thrown instanceof DeviceException lost && lost.fault() == Fault.LOST) {
      loss = lost;
      return true;
    }
    boolean outOfMemory = isShortage(thrown);
    if (open.size() == 1) {
      Item<I, O> item = open.getFirst();
      announcer.end(item, failed(item, "the model failed on this item", thrown));
    } else if (outOfMemory) {
      fits = open.size() / 2;
      runInParts(open);
    }
    return open.size() > 1 && outOfMemory;
  }

  /** The JVM's own memory outside the heap runs out as an error. */
  private boolean isShortage(Throwable thrown) {
    DeviceException found =
        switch (thrown) {
          case DeviceException device -> device;
          case OutOfMemoryError error ->
              new DeviceException(Fault.OUT_OF_MEMORY, "the JVM is out of memory", error);
          default -> null;
        };
    if (found != null) {
      shortage = found;
    }
    return found != null;
  }

  private void runInParts(List<Item<I, O>> items) {
    int size = fits;
    for (int from = 0; from < items.size(); from += size) {
      settle(items.subList(from, Math.min(items.size(), from + size)));
    }
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
