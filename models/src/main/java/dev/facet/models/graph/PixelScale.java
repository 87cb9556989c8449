package dev.facet.models.graph;

import java.util.List;

/**
 * The same for every picture: {@code (pixel - mean) / deviation} per channel.
 *
 * @param mean what is subtracted, in the order red, green, blue whatever the model's own order
 * @param deviation what is divided by, in the same order
 */
public record PixelScale(List<Double> mean, List<Double> deviation) implements Normalisation {

  /** Pixels as they are. */
  public static final PixelScale NONE =
      new PixelScale(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));

  public PixelScale {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (mean.size() != 3 || deviation.size() != 3) {
      throw new IllegalArgumentException(
          "mean and deviation need three numbers each (red, green, blue), not %s and %s"
              .formatted(mean, deviation));
    }
    if (!mean.stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("mean must be finite: " + mean);
    }
    if (!deviation.stream().allMatch(d -> Double.isFinite(d) && d > 0)) {
      throw new IllegalArgumentException("deviation must be positive: " + deviation);
    }
  }
}
