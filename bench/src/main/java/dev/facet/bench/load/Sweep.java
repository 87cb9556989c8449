package dev.facet.bench.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/**
 * The highest rate that holds a percentile. A rate holds when the generator kept up with it and at
 * most one arrival in a hundred failed or took longer.
 *
 * @param p99Ms bound of the percentile of all arrivals
 * @param step how exactly the rate was looked for, in calls per second
 * @param highestRate that held; 0 when none did
 * @param limit what ended the search: {@code SERVICE}, {@code GENERATOR} or {@code MAX_RATE}
 * @param steps in the order in which they were tried
 */
record Sweep(double p99Ms, long step, long highestRate, Limit limit, List<Step> steps) {

  /** What kept the search from going higher. */
  enum Limit {
    /** The next rate did not hold. */
    SERVICE,
    /** At the next rate the generator was late: the service may hold more. */
    GENERATOR,
    /** All rates that were allowed held. */
    MAX_RATE
  }

  /** One rate that was tried. */
  record Step(double rate, boolean held, Run run) {}

  /**
   * Tries rates until the answer is found. A run that is not valid is made once more; if it is not
   * valid again, nothing is known of this rate and higher ones are not tried.
   *
   * @param attempt makes a run at a rate
   */
  static Sweep search(RateSearch search, double p99Ms, long step, LongFunction<Run> attempt) {
    List<Step> steps = new ArrayList<>();
    Map<Long, Boolean> valid = new HashMap<>();
    for (OptionalLong rate = search.next(); rate.isPresent(); rate = search.next()) {
      Run run = attempt.apply(rate.getAsLong());
      if (!run.valid()) {
        steps.add(new Step(rate.getAsLong(), false, run));
        run = attempt.apply(rate.getAsLong());
      }
      Result result = run.result();
      boolean held = result != null && result.holdsP99(p99Ms);
      steps.add(new Step(rate.getAsLong(), held, run));
      valid.put(rate.getAsLong(), run.valid());
      search.tried(held);
    }
    OptionalLong failed = search.lowestFailed();
    Limit limit =
        failed.isEmpty()
            ? Limit.MAX_RATE
            : valid.getOrDefault(failed.getAsLong(), true) ? Limit.SERVICE : Limit.GENERATOR;
    return new Sweep(p99Ms, step, search.highest(), limit, List.copyOf(steps));
  }
}
