package dev.facet.bench.load;

import java.time.Duration;

/**
 * The time of a run on the clock of {@link System#nanoTime}: a warm-up, which is thrown away, and
 * the measured part.
 *
 * @param begin of the warm-up
 */
record Window(long begin, Duration warmup, Duration length) {

  static Window fromNow(Duration warmup, Duration length) {
    return new Window(System.nanoTime(), warmup, length);
  }

  /** Nanoseconds since the measured part began; negative in the warm-up. */
  long offset(long nanoTime) {
    return nanoTime - measured();
  }

  /** Whether something belongs to the measured part that was due at this offset. */
  boolean holds(long offset) {
    return offset >= 0 && offset < length.toNanos();
  }

  /** When the measured part begins. */
  long measured() {
    return begin + warmup.toNanos();
  }

  long end() {
    return measured() + length.toNanos();
  }

  /** Returns at that moment, or at once when it has passed. */
  static void await(long nanoTime) throws InterruptedException {
    for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
      Thread.sleep(Duration.ofNanos(left));
    }
  }
}
