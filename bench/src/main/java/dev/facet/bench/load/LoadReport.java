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
 * @param retries times that a call was sent once more, warm-up and preparations included
 * @param baseline this run beside an earlier one; empty when none was named
 */
public record LoadReport(
    String began,
    Machine machine,
    Plan plan,
    List<Run> runs,
    @Nullable Sweep sweep,
    long retries,
    List<Comparison> baseline) {

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

  /** What one run found; null when it claims nothing, or there is a sweep. */
  @Nullable Result result() {
    return runs.isEmpty() ? null : runs.getFirst().result();
  }

  /** Whether anything is claimed: a run that is not valid claims nothing. */
  boolean valid() {
    return sweep == null
        ? runs.stream().allMatch(Run::valid)
        : sweep.limit() != Sweep.Limit.GENERATOR;
  }
}
