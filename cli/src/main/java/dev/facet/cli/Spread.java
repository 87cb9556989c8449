package dev.facet.cli;

import java.util.List;

/**
 * How a measured value varies.
 *
 * @param sd standard deviation of the sample (divisor n - 1); 0 for a single value
 */
record Spread(double mean, double min, double max, double sd) {

  static Spread of(List<Double> values) {
    double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double squares = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
    return new Spread(
        mean,
        values.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
        values.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
        values.size() < 2 ? 0 : Math.sqrt(squares / (values.size() - 1)));
  }

  @Override
  public String toString() {
    return "%.4f (%.4f to %.4f, sd %.4f)".formatted(mean, min, max, sd);
  }
}
