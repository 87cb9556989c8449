package dev.facet.bench.load;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether a run may claim anything: only if the generator did what it was told to do.
 *
 * @param problems what was wrong; none when the run is valid
 */
record Verdict(List<String> problems) {

  /** Share of the planned rate by which the sent one may differ. */
  private static final double RATE_TOLERANCE = 0.01;

  /** Share of the processors' time that may be stolen. */
  private static final double STEAL_TOLERANCE = 0.05;

  /** Share of the machine's processors beyond which the generator measures itself. */
  private static final double CPU_TOLERANCE = 0.9;

  boolean valid() {
    return problems.isEmpty();
  }

  /**
   * Judges a run.
   *
   * @param planned arrivals that had a place among the calls under way; 0 in a closed loop, which
   *     plans none
   * @param seconds measured
   * @param limitMs lateness that one send in a hundred may exceed
   */
  static Verdict of(
      long planned, double seconds, double limitMs, Lateness.Summary lateness, CpuUse cpu) {
    List<String> problems = new ArrayList<>();
    if (lateness.p99Ms() >= limitMs) {
      problems.add(
          "the generator was late: one send in a hundred by %.2f ms or more (allowed: %s ms)"
              .formatted(lateness.p99Ms(), limitMs));
    }
    // Calls at the edges say nothing, nor do those that may be so late that they leave after the
    // end.
    double edges = 2 + planned / seconds * limitMs / 1000;
    if (planned > 0 && Math.abs(lateness.sent() - planned) > RATE_TOLERANCE * planned + edges) {
      problems.add(
          "the generator was late: it sent %,d calls in time where %,d were due"
              .formatted(lateness.sent(), planned));
    }
    if (cpu.generatorProcessors() > CPU_TOLERANCE * cpu.processors()) {
      problems.add(
          "the generator was short of CPU: it took %.2f of %d processors"
              .formatted(cpu.generatorProcessors(), cpu.processors()));
    }
    Double stolen = cpu.stolen();
    if (stolen != null && stolen > STEAL_TOLERANCE) {
      problems.add(
          "the generator was short of CPU: %.0f %% of the machine's time went to other machines"
              .formatted(100 * stolen));
    }
    return new Verdict(List.copyOf(problems));
  }
}
