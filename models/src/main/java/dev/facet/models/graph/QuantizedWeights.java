package dev.facet.models.graph;

import dev.facet.models.graph.onnx.NodeProto;
import dev.facet.models.graph.onnx.TensorProto;

/**
 * The weights of one layer in eight bits, a scale for each of its outputs, and its biases in 32.
 *
 * <p>Weights are -127 to 127 times the scale of their output, so that 0 is 0 and no product is one
 * too many. A bias counts in the scale of the products, that of the activation times that of the
 * weights; where it would leave 32 bits, the output's scale is made larger.
 */
final class QuantizedWeights {

  private static final int GREATEST = 127;

  /** Room for the sum of the products beside the bias. */
  private static final double LARGEST_BIAS = 1 << 30;

  private final float[] scales;
  private final byte[] weights;
  private final int[] biases;

  private QuantizedWeights(float[] scales, byte[] weights, int[] biases) {
    this.scales = scales;
    this.weights = weights;
    this.biases = biases;
  }

  /**
   * Rounds them.
   *
   * @param weights float32, of two or four dimensions
   * @param bias one for each output, or none
   * @param axis of the weights that counts the outputs
   * @param inputScale of the activation that is multiplied
   */
  static QuantizedWeights of(TensorProto weights, float[] bias, int axis, float inputScale) {
    float[] values = Tensors.floats(weights);
    int outputs = Math.toIntExact(weights.getDims(axis));
    int inner = 1;
    for (int i = axis + 1; i < weights.getDimsCount(); i++) {
      inner = Math.multiplyExact(inner, Math.toIntExact(weights.getDims(i)));
    }
    float[] scales = new float[outputs];
    for (int i = 0; i < values.length; i++) {
      int output = i / inner % outputs;
      scales[output] = Math.max(scales[output], Math.abs(values[i]) / GREATEST);
    }
    for (int output = 0; output < outputs; output++) {
      float needed =
          bias.length == 0 ? 0 : (float) (Math.abs(bias[output]) / (inputScale * LARGEST_BIAS));
      float scale = Math.max(scales[output], needed);
      scales[output] = scale >= Float.MIN_NORMAL ? scale : 1;
    }
    byte[] rounded = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      float scale = scales[i / inner % outputs];
      rounded[i] = (byte) Math.clamp(Math.round(values[i] / scale), -GREATEST, GREATEST);
    }
    int[] biases = new int[bias.length];
    for (int output = 0; output < bias.length; output++) {
      biases[output] =
          Math.toIntExact(Math.round(bias[output] / ((double) inputScale * scales[output])));
    }
    return new QuantizedWeights(scales, rounded, biases);
  }

  /** One for each output. */
  float[] scales() {
    return scales;
  }

  /** In the order of the float32 ones. */
  byte[] weights() {
    return weights;
  }

  /** One for each output, or none. */
  int[] biases() {
    return biases;
  }

  /** Which axis of a layer's weights counts its outputs. */
  static int axis(NodeProto layer) {
    return switch (layer.getOpType()) {
      case "Conv" -> 0;
      case "Gemm" ->
          layer.getAttributeList().stream()
                  .anyMatch(a -> a.getName().equals("transB") && a.getI() != 0)
              ? 0
              : 1;
      default -> 1;
    };
  }
}
