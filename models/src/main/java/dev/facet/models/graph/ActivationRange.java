package dev.facet.models.graph;

/**
 * Between which numbers an activation is kept in eight bits; 0 is always among them, so that it is
 * exact: it is what padding and every ReLU consist of.
 *
 * @param least 0 or less
 * @param greatest 0 or more
 */
public record ActivationRange(float least, float greatest) {

  private static final int STEPS = 255;

  /** Of an activation that was only ever 0: any step does. */
  private static final float NO_STEP = 1;

  /**
   * @throws IllegalArgumentException if the range leaves 0 out or is not finite
   */
  public ActivationRange {
    if (!(least <= 0 && greatest >= 0 && Float.isFinite(greatest - least))) {
      throw new IllegalArgumentException(
          "a range must be finite and hold 0, not %g to %g".formatted(least, greatest));
    }
  }

  /** The smallest range that holds both, and 0. */
  public static ActivationRange around(float least, float greatest) {
    return new ActivationRange(Math.min(0, least), Math.max(0, greatest));
  }

  ActivationRange with(ActivationRange other) {
    return new ActivationRange(Math.min(least, other.least), Math.max(greatest, other.greatest));
  }

  /** What lies in both. */
  ActivationRange within(ActivationRange other) {
    return new ActivationRange(Math.max(least, other.least), Math.min(greatest, other.greatest));
  }

  /** The difference between two neighbouring numbers. */
  float scale() {
    float scale = (greatest - least) / STEPS;
    return scale >= Float.MIN_NORMAL ? scale : NO_STEP;
  }

  /** Which of the numbers 0 to 255 stands for 0. */
  int zeroPoint() {
    return Math.clamp(Math.round(-least / scale()), 0, STEPS);
  }
}
