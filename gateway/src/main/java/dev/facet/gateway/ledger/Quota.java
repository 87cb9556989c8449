package dev.facet.gateway.ledger;

/**
 * How much a key may ask of one gateway; 0 stands for any number.
 *
 * @param callsPerSecond in the long run
 * @param burst calls at once after a pause; 0 for those of one second, at least one
 * @param concurrentCalls in flight
 */
public record Quota(double callsPerSecond, int burst, int concurrentCalls) {
  public static final Quota NONE = new Quota(0, 0, 0);

  /** Calls at once after a pause; of meaning only with a rate. */
  public int depth() {
    return burst > 0 ? burst : (int) Math.max(1, Math.min(Integer.MAX_VALUE, callsPerSecond));
  }

  /** Whether it allows nothing that the other does not. */
  public boolean isWithin(Quota other) {
    boolean rate =
        other.callsPerSecond == 0
            || (callsPerSecond > 0
                && callsPerSecond <= other.callsPerSecond
                && depth() <= other.depth());
    boolean concurrent =
        other.concurrentCalls == 0
            || (concurrentCalls > 0 && concurrentCalls <= other.concurrentCalls);
    return rate && concurrent;
  }
}
