package dev.facet.models.graph;

import java.util.Set;

/** What is known of ONNX's operators where a model is moved to float16. */
final class HalfOperators {

  /**
   * Kept in float32: sums of many values or squares, which leave float16's range of ±65504 or its
   * three digits, exponentials, and {@code Resize}, whose scales are float32 by its signature.
   */
  private static final Set<String> FULL =
      Set.of(
          "Exp",
          "GroupNormalization",
          "InstanceNormalization",
          "LayerNormalization",
          "Log",
          "LogSoftmax",
          "LpNormalization",
          "Pow",
          "Reciprocal",
          "ReduceL1",
          "ReduceL2",
          "ReduceMean",
          "ReduceSum",
          "ReduceSumSquare",
          "Resize",
          "Softmax",
          "Sqrt");

  /** Multiply weights: where float16 is worth having, whatever comes before. */
  private static final Set<String> HALF = Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");

  /** As good in either: they follow what they read. */
  private static final Set<String> EITHER =
      Set.of(
          "Abs",
          "Add",
          "AveragePool",
          "BatchNormalization",
          "Cast",
          "Ceil",
          "Clip",
          "Concat",
          "Constant",
          "DepthToSpace",
          "Div",
          "Dropout",
          "Elu",
          "Erf",
          "Expand",
          "Flatten",
          "Floor",
          "Gather",
          "Gelu",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "HardSigmoid",
          "HardSwish",
          "Identity",
          "LeakyRelu",
          "Max",
          "MaxPool",
          "Min",
          "Mul",
          "Neg",
          "PRelu",
          "Pad",
          "Relu",
          "Reshape",
          "Selu",
          "Shape",
          "Sigmoid",
          "Slice",
          "Softplus",
          "Split",
          "Squeeze",
          "Sub",
          "Sum",
          "Tanh",
          "Tile",
          "Transpose",
          "Unsqueeze",
          "Where");

  /** Their other outputs are places or masks, not numbers of the model. */
  private static final Set<String> ONE_RESULT = Set.of("BatchNormalization", "Dropout", "MaxPool");

  /** Their constants are bounds, and one beyond float16's range bounds nothing in it. */
  private static final Set<String> BOUNDING = Set.of("Clip", "Max", "Min");

  private HalfOperators() {}

  static boolean known(String operator) {
    return FULL.contains(operator) || HALF.contains(operator) || EITHER.contains(operator);
  }

  static boolean keptInFull(String operator) {
    return FULL.contains(operator);
  }

  static boolean followsItsInputs(String operator) {
    return EITHER.contains(operator);
  }

  static boolean bounds(String operator) {
    return BOUNDING.contains(operator);
  }

  /** Whether an output has the type of the numbers read. */
  static boolean givesNumbers(String operator, int output) {
    return !operator.equals("Shape") && (output == 0 || !ONE_RESULT.contains(operator));
  }
}
