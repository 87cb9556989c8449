package dev.facet.models.graph;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * How often an activation takes which values, and the range to keep of it.
 *
 * <p>Bins are equally wide and lie on both sides of 0. A value beyond the last one makes all bins
 * twice as wide, two becoming one, so values are taken in a single pass and in any order. Not for
 * several threads.
 */
public final class ActivationHistogram {

  private static final int HALF = 2048;

  /** Ranges that are tried: the whole one, and this many that are shorter by equal steps. */
  private static final int TRIED = 100;

  private static final double NARROWEST = 1e-6;
  private static final int STEPS = 255;

  private final long[] bins = new long[2 * HALF];
  private double width = NARROWEST / HALF;
  private float least;
  private float greatest;
  private long count;

  /**
   * Takes values in.
   *
   * @throws GraphException if one is not finite
   */
  public void add(FloatBuffer values) {
    for (int i = values.position(); i < values.limit(); i++) {
      add(values.get(i));
    }
  }

  private void add(float value) {
    if (!Float.isFinite(value)) {
      throw new GraphException("an activation is not finite: %s".formatted(value));
    }
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
    double at = value / width;
    while (at >= HALF || at < -HALF) {
      widen();
      at = value / width;
    }
    bins[(int) Math.floor(at) + HALF]++;
    count++;
  }

  private void widen() {
    long[] old = bins.clone();
    Arrays.fill(bins, 0);
    for (int i = 0; i < old.length; i++) {
      bins[Math.floorDiv(i - HALF, 2) + HALF] += old[i];
    }
    width *= 2;
  }

  /** From the smallest to the greatest value, and 0. */
  public ActivationRange whole() {
    return ActivationRange.around(least, greatest);
  }

  /**
   * The range that leaves out so many of the values, as many below as above it; to the width of a
   * bin.
   *
   * @param left share of all values, 0 to 1
   */
  public ActivationRange without(double left) {
    long each = (long) (left / 2 * count);
    int first = 0;
    for (long below = bins[0]; below <= each && first < bins.length - 1; below += bins[first]) {
      first++;
    }
    int last = bins.length - 1;
    for (long above = bins[last]; above <= each && last > 0; above += bins[last]) {
      last--;
    }
    return ActivationRange.around(
            (float) ((first - HALF) * width), (float) ((last + 1 - HALF) * width))
        .within(whole());
  }

  /**
   * The part of the whole range whose eight-bit steps differ least from the values, in the mean of
   * squares: what lies outside is moved to its ends, and what lies inside gets the finer steps.
   */
  public ActivationRange ofLeastError() {
    ActivationRange best = whole();
    double smallest = error(best);
    for (int i = 1; i < TRIED; i++) {
      float share = 1 - (float) i / TRIED;
      ActivationRange range =
          new ActivationRange(whole().least() * share, whole().greatest() * share);
      double error = error(range);
      if (error < smallest) {
        smallest = error;
        best = range;
      }
    }
    return best;
  }

  /** The sum of squared differences, each bin's values taken for its middle. */
  private double error(ActivationRange range) {
    double scale = range.scale();
    int zero = range.zeroPoint();
    double sum = 0;
    for (int i = 0; i < bins.length; i++) {
      if (bins[i] != 0) {
        double value = (i + 0.5 - HALF) * width;
        double step = Math.clamp(Math.rint(value / scale) + zero, 0, STEPS);
        double difference = (step - zero) * scale - value;
        // Within a step, where its values lie in the bin does not matter; the mean does.
        double inside =
            value >= range.least() && value <= range.greatest() ? scale * scale / 12 : 0;
        sum += bins[i] * (inside > 0 ? inside : difference * difference);
      }
    }
    return sum;
  }
}
