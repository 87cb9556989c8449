package dev.facet.models.network;

import dev.facet.models.checkpoint.CheckpointException;
import dev.facet.models.checkpoint.WeightTensor;
import dev.facet.models.checkpoint.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The weights [outputs, inputs, height, width] and biases of a convolution, into which the linear
 * steps around it are merged; a dense layer is one of a single position.
 *
 * <p>Arrays are handed over, not copied; nothing changes them afterwards. Products are computed in
 * double precision and rounded once.
 */
final class Filters {

  private final int outputs;
  private final int inputs;
  private final int height;
  private final int width;
  private final float[] weights;
  private final float[] biases;

  Filters(int outputs, int inputs, int height, int width, float[] weights, float[] biases) {
    if ((long) outputs * inputs * height * width != weights.length || outputs != biases.length) {
      throw new IllegalArgumentException(
          "%d weights and %d biases for %d filters of %dx%dx%d"
              .formatted(weights.length, biases.length, outputs, inputs, height, width));
    }
    this.outputs = outputs;
    this.inputs = inputs;
    this.height = height;
    this.width = width;
    this.weights = weights;
    this.biases = biases;
  }

  /**
   * The filters that a checkpoint has under {@code name.weight} and {@code name.bias}.
   *
   * @param inputs how many channels each filter reads: one, where each has a channel of its own
   */
  static Filters of(Weights weights, String name, int outputs, int inputs, int height, int width) {
    return new Filters(
        outputs,
        inputs,
        height,
        width,
        weights.values(name + ".weight", outputs, inputs, height, width),
        weights.values(name + ".bias", outputs));
  }

  /** A dense layer, {@code name.weight} [outputs, inputs] and {@code name.bias}. */
  static Filters dense(Weights weights, String name, int outputs, int inputs) {
    float[] biases = weights.values(name + ".bias", outputs);
    float[] values = weights.values(name + ".weight", outputs, inputs);
    return new Filters(outputs, inputs, 1, 1, values, biases);
  }

  /** A dense layer that is trained without biases. */
  static Filters denseWithoutBias(Weights weights, String name, int outputs, int inputs) {
    float[] values = weights.values(name + ".weight", outputs, inputs);
    return new Filters(outputs, inputs, 1, 1, values, new float[outputs]);
  }

  /**
   * How many outputs the layer of that name has: the first dimension of its weights.
   *
   * @throws CheckpointException if the weights are absent or have other than that many dimensions
   */
  static int outputs(Weights weights, String name, int dimensions) {
    WeightTensor tensor = weights.tensor(name + ".weight");
    List<Integer> shape = tensor.shape();
    if (shape.size() != dimensions || shape.contains(0)) {
      throw new CheckpointException(
          "tensor '%s.weight' has the shape %s, not %d dimensions"
              .formatted(name, shape, dimensions));
    }
    return shape.getFirst();
  }

  /**
   * The order of TensorFlow, [height, width, inputs, outputs], brought to [outputs, inputs, height,
   * width].
   *
   * @param area height times width
   */
  static float[] fromHwio(float[] hwio, int area, int inputs, int outputs) {
    float[] oihw = new float[hwio.length];
    for (int i = 0; i < hwio.length; i++) {
      int position = i / (inputs * outputs);
      int input = i / outputs % inputs;
      int output = i % outputs;
      oihw[(output * inputs + input) * area + position] = hwio[i];
    }
    return oihw;
  }

  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }

  /** Followed by a batch norm, {@code (y - mean) / sqrt(variance + epsilon) * scale + shift}. */
  Filters normed(float[] mean, float[] variance, float[] scale, float[] shift, double epsilon) {
    double[] factor = new double[outputs];
    double[] offset = new double[outputs];
    for (int o = 0; o < outputs; o++) {
      factor[o] = scale[o] / Math.sqrt(variance[o] + epsilon);
      offset[o] = shift[o] - mean[o] * factor[o];
    }
    return scaled(factor, offset);
  }

  int outputs() {
    return outputs;
  }

  int inputs() {
    return inputs;
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  float[] weights() {
    return weights;
  }

  float[] biases() {
    return biases;
  }

  /** Followed by {@code factor * y + shift} for each output; no shift means zero. */
  Filters scaled(double[] factor, double @Nullable [] shift) {
    float[] scaled = new float[weights.length];
    int each = inputs * height * width;
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) (weights[i] * factor[i / each]);
    }
    float[] shifted = new float[outputs];
    for (int o = 0; o < outputs; o++) {
      shifted[o] = (float) (biases[o] * factor[o] + (shift == null ? 0 : shift[o]));
    }
    return new Filters(outputs, inputs, height, width, scaled, shifted);
  }

  /** Followed by a multiplication of all outputs. */
  Filters scaled(double factor) {
    double[] factors = new double[outputs];
    Arrays.fill(factors, factor);
    return scaled(factors, null);
  }

  /**
   * Preceded by {@code (x - mean) / deviation} of all inputs. Exact where every window lies on the
   * input, as padding with zeros comes after that step.
   */
  Filters onRaw(double mean, double deviation) {
    float[] scaled = new float[weights.length];
    double[] sums = new double[outputs];
    int each = inputs * height * width;
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) (weights[i] / deviation);
      sums[i / each] += weights[i] / deviation;
    }
    float[] shifted = new float[outputs];
    for (int o = 0; o < outputs; o++) {
      shifted[o] = (float) (biases[o] - sums[o] * mean);
    }
    return new Filters(outputs, inputs, height, width, scaled, shifted);
  }

  /** The dense layer that does what these and then others do, whose biases count, not these's. */
  Filters then(Filters last) {
    float[] product = new float[last.outputs * inputs];
    for (int o = 0; o < last.outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        double sum = 0;
        for (int r = 0; r < outputs; r++) {
          sum += (double) last.weights[o * outputs + r] * weights[r * inputs + i];
        }
        product[o * inputs + i] = (float) sum;
      }
    }
    return new Filters(last.outputs, inputs, 1, 1, product, last.biases);
  }

  /** Preceded by a multiplication of each input. */
  Filters withInputsScaled(double[] factor) {
    return withInputs(IntStream.range(0, inputs).toArray(), factor);
  }

  /** For inputs of which the i-th is read as input {@code from[i]} is now, times its factor. */
  Filters withInputs(int[] from, double[] factor) {
    int area = height * width;
    int each = from.length * area;
    float[] read = new float[outputs * each];
    for (int i = 0; i < read.length; i++) {
      int input = i / area % from.length;
      int old = (i / each * inputs + from[input]) * area + i % area;
      read[i] = (float) (weights[old] * factor[input]);
    }
    return new Filters(outputs, from.length, height, width, read, biases);
  }

  /** With the filters of another of the same shape behind these. */
  Filters and(Filters other) {
    float[] joined = Arrays.copyOf(weights, weights.length + other.weights.length);
    System.arraycopy(other.weights, 0, joined, weights.length, other.weights.length);
    float[] biased = Arrays.copyOf(biases, outputs + other.outputs);
    System.arraycopy(other.biases, 0, biased, outputs, other.outputs);
    return new Filters(outputs + other.outputs, inputs, height, width, joined, biased);
  }

  /** Only the filters at these places, in this order. */
  Filters select(int... places) {
    int each = inputs * height * width;
    float[] selected = new float[places.length * each];
    float[] biased = new float[places.length];
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(weights, places[i] * each, selected, i * each, each);
      biased[i] = biases[places[i]];
    }
    return new Filters(places.length, inputs, height, width, selected, biased);
  }
}
