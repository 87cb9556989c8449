package dev.facet.gateway;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One call being answered: who waits for it, and where its time goes. Belongs to its thread. */
final class Call {
  private final Priority priority;
  private final long startNanos = System.nanoTime();
  private final Map<Stage, Long> stages = new EnumMap<>(Stage.class);

  Call(Priority priority) {
    this.priority = priority;
  }

  /** A call somebody waits for. */
  static Call interactive() {
    return new Call(Priority.INTERACTIVE);
  }

  Priority priority() {
    return priority;
  }

  /** Runs a piece of work and adds its time to a stage. */
  <T> T time(Stage stage, Supplier<T> work) {
    long start = System.nanoTime();
    try {
      return work.get();
    } finally {
      add(stage, microsSince(start));
    }
  }

  void add(Stage stage, long micros) {
    stages.merge(stage, micros, Long::sum);
  }

  /** Raises a stage to a value: of several batches, the largest counts. */
  void atLeast(Stage stage, long value) {
    stages.merge(stage, value, Math::max);
  }

  /** Empty for a stage that did not run. */
  OptionalLong stage(Stage stage) {
    Long value = stages.get(stage);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  long totalMicros() {
    return microsSince(startNanos);
  }

  private static long microsSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - nanos);
  }
}
