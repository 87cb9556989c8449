package dev.facet.bench.load;

import dev.facet.bench.Machine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code facet load} found; the JSON document is of this shape.
 *
 * @param began date and time in UTC
 * @param runs the one at the pace that was given; none in a sweep, whose steps have theirs
 * @param sweep null when the pace was given
 */
record LoadReport(String began, Machine machine, Plan plan, List<Run> runs, @Nullable Sweep sweep) {

  /**
   * What was called, and how.
   *
   * @param photos null where none are sent
   * @param note what was prepared for it; empty when nothing was
   */
  record Plan(
      String call,
      String address,
      int connections,
      String note,
      PhotoMix.@Nullable Summary photos,
      double warmupSeconds,
      double measuredSeconds,
      double timeoutSeconds,
      int maxInFlight,
      double latenessLimitMs,
      long seed) {}

  /** Whether anything is claimed: a run that is not valid claims nothing. */
  boolean valid() {
    return sweep == null
        ? runs.stream().allMatch(Run::valid)
        : sweep.limit() != Sweep.Limit.GENERATOR;
  }
}
