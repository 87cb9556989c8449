package dev.facet.models.network;

import dev.facet.models.checkpoint.WeightTensor;
import dev.facet.models.checkpoint.Weights;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Weights that follow from their names, for measurements and tests where a trained network's file
 * is not to be had: FNV-1a of the name seeds SplitMix64, whose numbers are spread as a trained
 * network's of that kind. A network with them knows no faces, and computes as much as one that
 * does.
 */
public final class FormulaWeights {

  private final Map<String, WeightTensor> tensors = new LinkedHashMap<>();

  /** Adds a tensor; the first dimension is that of the layer's outputs. */
  FormulaWeights tensor(String name, int... shape) {
    tensors.put(name, new WeightTensor(Arrays.stream(shape).boxed().toList(), values(name, shape)));
    return this;
  }

  /** A layer's {@code weight} and {@code bias}. */
  FormulaWeights layer(String name, int... shape) {
    return tensor(name + ".weight", shape).tensor(name + ".bias", shape[0]);
  }

  Weights weights() {
    return new Weights(tensors);
  }

  /**
   * Weights for whatever network asks for them: of each name that it wants, in the shape wanted.
   */
  public static Weights onRequest() {
    return new Weights(Map.of()) {
      @Override
      public float[] values(String name, int... shape) {
        return FormulaWeights.values(name, shape);
      }
    };
  }

  private static float[] values(String name, int... shape) {
    int size = 1;
    for (int dimension : shape) {
      size *= dimension;
    }
    float[] values = new float[size];
    double fanIn = shape.length == 0 ? 1 : (double) size / shape[0];
    for (int i = 0; i < size; i++) {
      values[i] = (float) value(name, uniform(name, i + 1), fanIn);
    }
    return values;
  }

  private static double value(String name, double u, double fanIn) {
    if (name.endsWith("running_mean")) {
      return (2 * u - 1) * 0.1;
    }
    if (name.endsWith("running_var")) {
      return 0.8 + 0.4 * u;
    }
    if (name.endsWith("bn.weight")) {
      return 0.9 + 0.2 * u;
    }
    if (name.endsWith(".bias")) {
      return (2 * u - 1) * 0.05;
    }
    return (2 * u - 1) * Math.sqrt(6 / fanIn);
  }

  private static double uniform(String name, long i) {
    long x = 0xCBF29CE484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      x = (x ^ Byte.toUnsignedInt(b)) * 0x100000001B3L;
    }
    x += i * 0x9E3779B97F4A7C15L;
    x = (x ^ x >>> 30) * 0xBF58476D1CE4E5B9L;
    x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
    x ^= x >>> 31;
    return (x >>> 40) / (double) (1 << 24);
  }
}
