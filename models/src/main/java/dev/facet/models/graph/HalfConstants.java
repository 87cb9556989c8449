package dev.facet.models.graph;

import dev.facet.models.graph.onnx.TensorProto;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The float32 constants of a graph and their float16 forms, made when they are first asked for.
 *
 * <p>Weights beyond ±65504 are refused; bounds of {@code Clip}, {@code Min} and {@code Max} beyond
 * it are moved to it. A single constant too small for float16, an epsilon, becomes the smallest
 * number there is rather than 0.
 */
final class HalfConstants {

  private static final float LARGEST = 65504;
  private static final short SMALLEST = 1; // 2^-24

  private final OnnxGraph graph;
  private final Map<String, TensorProto> constants = new HashMap<>();
  private final Map<String, String> weights = new HashMap<>();
  private final Map<String, String> bounds = new HashMap<>();

  HalfConstants(OnnxGraph graph) {
    this.graph = graph;
  }

  /**
   * Takes a constant in; whether it is float32.
   *
   * @throws GraphException if it is of another floating-point type
   */
  boolean add(String name, TensorProto tensor) {
    if (Tensors.isFloatOtherThanSingle(tensor.getDataType())) {
      throw new GraphException(
          "'%s' is of ONNX type %d; only float32 becomes float16"
              .formatted(name, tensor.getDataType()));
    }
    boolean number = tensor.getDataType() == Tensors.FLOAT;
    if (number) {
      constants.put(name, tensor);
    }
    return number;
  }

  /** Those that are float32. */
  Set<String> names() {
    return Set.copyOf(constants.keySet());
  }

  /**
   * The name of a constant's float16 form.
   *
   * @param bound whether it is read as one, and may be moved into the range
   * @throws GraphException if it is beyond the range
   */
  String half(String name, boolean bound) {
    Map<String, String> known = bound ? bounds : weights;
    return known.computeIfAbsent(name, n -> made(n, bound));
  }

  private String made(String name, boolean bound) {
    TensorProto tensor = Objects.requireNonNull(constants.get(name));
    float[] values = Tensors.floats(tensor);
    short[] halves = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      halves[i] = half(name, values[i], bound, values.length == 1);
    }
    return graph.addConstant(Tensors.halves(name + "/half", tensor.getDimsList(), halves));
  }

  private static short half(String name, float value, boolean bound, boolean alone) {
    float inRange = bound && Float.isFinite(value) ? Math.clamp(value, -LARGEST, LARGEST) : value;
    short half = Float.floatToFloat16(inRange);
    if (Float.isFinite(value) && !Float.isFinite(Float.float16ToFloat(half))) {
      throw new GraphException(
          "'%s' holds %g, beyond the ±%.0f of float16".formatted(name, value, LARGEST));
    }
    if (alone && value != 0 && Float.float16ToFloat(half) == 0) {
      return value > 0 ? SMALLEST : (short) (Short.MIN_VALUE | SMALLEST);
    }
    return half;
  }
}
