package dev.facet.models.graph;

import java.util.Set;

/** What is known of ONNX's operators where a model is moved to eight bits. */
final class QuantizedOperators {

  /** Multiply weights: where eight bits are worth having. */
  private static final Set<String> LAYERS = Set.of("Conv", "Gemm", "MatMul");

  /** Bend what a layer or a sum gives, as the ends of an eight-bit range do by themselves. */
  private static final Set<String> ENDS = Set.of("Relu", "Clip");

  /** Have a form for eight bits that takes each input, and gives its output, at its own scale. */
  private static final Set<String> FOLLOWING =
      Set.of("Add", "AveragePool", "Concat", "GlobalAveragePool");

  /** Choose or move numbers, and so give them at the scale at which they came. */
  private static final Set<String> MOVING =
      Set.of("Flatten", "MaxPool", "Reshape", "Squeeze", "Transpose", "Unsqueeze");

  private QuantizedOperators() {}

  static boolean multipliesWeights(String operator) {
    return LAYERS.contains(operator);
  }

  static boolean endsRange(String operator) {
    return ENDS.contains(operator);
  }

  /** Whether it computes in eight bits where all that it reads is in eight bits. */
  static boolean followsItsInputs(String operator) {
    return FOLLOWING.contains(operator) || MOVING.contains(operator);
  }

  /** Whether what it reads and what it gives should be at one scale. */
  static boolean keepsScale(String operator) {
    // Parts at one scale are put together by copying them.
    return MOVING.contains(operator) || operator.equals("Concat");
  }
}
