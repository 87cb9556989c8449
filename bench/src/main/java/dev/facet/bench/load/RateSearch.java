package dev.facet.bench.load;

import java.util.OptionalLong;

/**
 * Looks for the highest rate that holds, among the multiples of a step: doubles until one does not
 * hold, then halves the gap. It takes for granted that a rate below one that holds would hold.
 */
final class RateSearch {

  private final long step;
  private final long most;
  private long next;
  private long holds;
  private long fails;

  /**
   * Begins at the multiple of the step next to the first rate.
   *
   * @param first tried, in calls per second, at least 1
   * @param step how exactly the rate is wanted, at least 1
   * @param most rate beyond which nothing is tried
   */
  RateSearch(long first, long step, long most) {
    this.step = step;
    this.most = most / step;
    this.fails = this.most + 1;
    this.next = Math.clamp(Math.round(first / (double) step), 1, Math.max(1, this.most));
  }

  /** The rate to try next; none when the search is over. */
  OptionalLong next() {
    return fails - holds > 1 ? OptionalLong.of(next * step) : OptionalLong.empty();
  }

  /** Tells what became of it. */
  void tried(boolean held) {
    if (held) {
      holds = next;
    } else {
      fails = next;
    }
    boolean open = fails > most;
    next = open ? Math.min(most, 2 * holds) : (holds + fails) / 2;
  }

  /** The highest rate that held; 0 when none did. */
  long highest() {
    return holds * step;
  }

  /** The lowest rate that did not hold; none when all that were tried held. */
  OptionalLong lowestFailed() {
    return fails > most ? OptionalLong.empty() : OptionalLong.of(fails * step);
  }
}
