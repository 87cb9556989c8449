package dev.facet.bench.all;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One figure beside its target.
 *
 * @param point the promise that it belongs to
 * @param what was measured, with its unit
 * @param format of a figure, for people
 * @param target null where there is none: the figure explains one that has
 * @param rounds what was measured; null where nothing could be
 * @param peer what it is measured against, with its figure; or why nothing was measured
 * @param verdict whether it is as promised
 */
record Finding(
    String point,
    String what,
    String format,
    @Nullable Target target,
    @Nullable Sample rounds,
    String peer,
    Verdict verdict) {

  /** A bound. */
  record Target(double bound, boolean atMost) {

    boolean met(double value) {
      return atMost ? value <= bound : value >= bound;
    }
  }

  /** How it stands. */
  enum Verdict {
    MET,
    MISSED,
    /** It could not be measured here. */
    OPEN,
    /** There is no target for it. */
    TOLD;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A figure that should be at most so much. */
  static Finding atMost(
      String point, String what, double bound, String format, Sample rounds, String peer) {
    return of(point, what, new Target(bound, true), format, rounds, peer);
  }

  /** A figure that should be at least so much. */
  static Finding atLeast(
      String point, String what, double bound, String format, Sample rounds, String peer) {
    return of(point, what, new Target(bound, false), format, rounds, peer);
  }

  private static Finding of(
      String point, String what, Target target, String format, Sample rounds, String peer) {
    Verdict verdict = target.met(rounds.median()) ? Verdict.MET : Verdict.MISSED;
    return new Finding(point, what, format, target, rounds, peer, verdict);
  }

  /** A figure without a target. */
  static Finding told(String point, String what, String format, Sample rounds, String peer) {
    return new Finding(point, what, format, null, rounds, peer, Verdict.TOLD);
  }

  /** What could not be measured. */
  static Finding open(String point, String what, String why) {
    return new Finding(point, what, "%s", null, null, why, Verdict.OPEN);
  }

  String targetText() {
    return target == null ? "" : (target.atMost() ? "<= " : ">= ") + format.formatted(target.bound);
  }

  String measuredText() {
    return rounds == null ? "" : format.formatted(rounds.median());
  }

  /** Least and most of several rounds. */
  String spreadText() {
    return rounds == null || rounds.values().size() == 1
        ? ""
        : format.formatted(rounds.least()) + " to " + format.formatted(rounds.most());
  }
}
