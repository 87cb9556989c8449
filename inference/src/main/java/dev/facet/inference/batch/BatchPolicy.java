package dev.facet.inference.batch;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How a batcher forms batches and what it refuses.
 *
 * @param maxBatch most items in one run, at least 1
 * @param maxDelay how long an idle runner lets a batch that is not full wait for company, counted
 *     from the moment its oldest item was queued; zero (the default) starts at once, and batches
 *     then grow only while all runners are busy
 * @param maxQueue most items waiting, for each priority by itself, so that a flood of bulk takes no
 *     interactive item's place; at least {@code maxBatch}
 * @param runners model runs at the same time, one platform thread each, at least 1
 * @param bulkPatience how long bulk items give way to interactive ones; after it they go first in
 *     every fourth batch
 * @param drainTimeout how long {@link Batcher#close} waits for accepted items
 */
public record BatchPolicy(
    int maxBatch,
    Duration maxDelay,
    int maxQueue,
    int runners,
    Duration bulkPatience,
    Duration drainTimeout) {

  public BatchPolicy {
    atLeast("maxBatch", maxBatch, 1);
    atLeast("maxQueue", maxQueue, maxBatch);
    atLeast("runners", runners, 1);
    notNegative("maxDelay", maxDelay);
    notNegative("bulkPatience", bulkPatience);
    notNegative("drainTimeout", drainTimeout);
  }

  /** Starts at once; 256 places (or four batches), bulk patience 1 s, drain 10 s. */
  public static BatchPolicy of(int maxBatch, int runners) {
    return new BatchPolicy(
        maxBatch,
        Duration.ZERO,
        Math.max(256, 4 * maxBatch),
        runners,
        Duration.ofSeconds(1),
        Duration.ofSeconds(10));
  }

  /** The same for a model of other items, with this {@code maxBatch} and {@code maxQueue}. */
  public BatchPolicy sized(int batch, int queue) {
    return new BatchPolicy(batch, maxDelay, queue, runners, bulkPatience, drainTimeout);
  }

  /** The batch sizes worth warming: 1, 2, 4, 8, ... and {@code maxBatch} itself, ascending. */
  public List<Integer> buckets() {
    return IntStream.concat(
            IntStream.iterate(1, size -> size < maxBatch, size -> 2 * size), IntStream.of(maxBatch))
        .boxed()
        .toList();
  }

  /**
   * The smallest bucket that holds so many items.
   *
   * @throws IllegalArgumentException if they are not 1 to {@code maxBatch}
   */
  public int bucket(int items) {
    if (items < 1 || items > maxBatch) {
      throw new IllegalArgumentException(
          "a batch has 1 to %d items, not %d".formatted(maxBatch, items));
    }
    return Math.min(maxBatch, Integer.highestOneBit(2 * items - 1));
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s must be at least %d, is %d".formatted(name, least, value));
    }
  }

  private static void notNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException("%s must not be negative, is %s".formatted(name, value));
    }
  }
}
