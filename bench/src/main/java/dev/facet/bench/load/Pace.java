package dev.facet.bench.load;

import java.util.Locale;

/**
 * How calls come.
 *
 * @param loop open or closed: what the latencies mean depends on it
 * @param arrivals in an open loop how calls are spread; empty in a closed one
 * @param rate calls per second in an open loop; 0 in a closed one
 * @param clients in a closed loop; 0 in an open one
 */
record Pace(Loop loop, String arrivals, double rate, int clients) {

  /** Who decides when the next call comes. */
  enum Loop {
    /** A plan that was made before; latency counts from the planned moment. */
    OPEN,
    /** The answer to the call before; latency counts from the sending. */
    CLOSED
  }

  /** How the calls of an open loop are spread. */
  enum Spread {
    CONSTANT,
    POISSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Pace open(Spread spread, double rate) {
    return new Pace(Loop.OPEN, spread.toString(), rate, 0);
  }

  static Pace closed(int clients) {
    return new Pace(Loop.CLOSED, "", 0, clients);
  }

  /** In words. */
  @Override
  public String toString() {
    return switch (loop) {
      case OPEN ->
          "open loop, %s arrivals at %,.1f calls/s (latency counts from the planned moment)"
              .formatted(arrivals, rate);
      case CLOSED ->
          "closed loop, %,d clients (each waits for its answer, so a stall is one slow call)"
              .formatted(clients);
    };
  }
}
