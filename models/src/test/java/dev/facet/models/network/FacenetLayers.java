package dev.facet.models.network;

import dev.facet.models.checkpoint.WeightTensor;
import dev.facet.models.checkpoint.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Formula weights for Inception-ResNet-v1, as facenet-pytorch and as keras-facenet would store
 * them. The table of both frameworks' names is written out, so that it can disagree with the code.
 */
final class FacenetLayers {

  /** One convolution under both names. */
  private record Layer(
      String torch, String keras, int outputs, int inputs, int height, int width) {}

  private static final List<Layer> NORMED = new ArrayList<>();
  private static final List<Layer> UPS = new ArrayList<>();

  static {
    normed("conv2d_1a", "Conv2d_1a_3x3", 32, 3, 3, 3);
    normed("conv2d_2a", "Conv2d_2a_3x3", 32, 32, 3, 3);
    normed("conv2d_2b", "Conv2d_2b_3x3", 64, 32, 3, 3);
    normed("conv2d_3b", "Conv2d_3b_1x1", 80, 64, 1, 1);
    normed("conv2d_4a", "Conv2d_4a_3x3", 192, 80, 3, 3);
    normed("conv2d_4b", "Conv2d_4b_3x3", 256, 192, 3, 3);
    for (int i = 1; i <= 5; i++) {
      String torch = "repeat_1.%d.".formatted(i - 1);
      String keras = "Block35_%d_".formatted(i);
      normed(torch + "branch0", keras + "Branch_0_Conv2d_1x1", 32, 256, 1, 1);
      normed(torch + "branch1.0", keras + "Branch_1_Conv2d_0a_1x1", 32, 256, 1, 1);
      normed(torch + "branch1.1", keras + "Branch_1_Conv2d_0b_3x3", 32, 32, 3, 3);
      normed(torch + "branch2.0", keras + "Branch_2_Conv2d_0a_1x1", 32, 256, 1, 1);
      normed(torch + "branch2.1", keras + "Branch_2_Conv2d_0b_3x3", 32, 32, 3, 3);
      normed(torch + "branch2.2", keras + "Branch_2_Conv2d_0c_3x3", 32, 32, 3, 3);
      UPS.add(new Layer(torch + "conv2d", keras + "Conv2d_1x1", 256, 96, 1, 1));
    }
    normed("mixed_6a.branch0", "Mixed_6a_Branch_0_Conv2d_1a_3x3", 384, 256, 3, 3);
    normed("mixed_6a.branch1.0", "Mixed_6a_Branch_1_Conv2d_0a_1x1", 192, 256, 1, 1);
    normed("mixed_6a.branch1.1", "Mixed_6a_Branch_1_Conv2d_0b_3x3", 192, 192, 3, 3);
    normed("mixed_6a.branch1.2", "Mixed_6a_Branch_1_Conv2d_1a_3x3", 256, 192, 3, 3);
    for (int i = 1; i <= 10; i++) {
      String torch = "repeat_2.%d.".formatted(i - 1);
      String keras = "Block17_%d_".formatted(i);
      normed(torch + "branch0", keras + "Branch_0_Conv2d_1x1", 128, 896, 1, 1);
      normed(torch + "branch1.0", keras + "Branch_1_Conv2d_0a_1x1", 128, 896, 1, 1);
      normed(torch + "branch1.1", keras + "Branch_1_Conv2d_0b_1x7", 128, 128, 1, 7);
      normed(torch + "branch1.2", keras + "Branch_1_Conv2d_0c_7x1", 128, 128, 7, 1);
      UPS.add(new Layer(torch + "conv2d", keras + "Conv2d_1x1", 896, 256, 1, 1));
    }
    normed("mixed_7a.branch0.0", "Mixed_7a_Branch_0_Conv2d_0a_1x1", 256, 896, 1, 1);
    normed("mixed_7a.branch0.1", "Mixed_7a_Branch_0_Conv2d_1a_3x3", 384, 256, 3, 3);
    normed("mixed_7a.branch1.0", "Mixed_7a_Branch_1_Conv2d_0a_1x1", 256, 896, 1, 1);
    normed("mixed_7a.branch1.1", "Mixed_7a_Branch_1_Conv2d_1a_3x3", 256, 256, 3, 3);
    normed("mixed_7a.branch2.0", "Mixed_7a_Branch_2_Conv2d_0a_1x1", 256, 896, 1, 1);
    normed("mixed_7a.branch2.1", "Mixed_7a_Branch_2_Conv2d_0b_3x3", 256, 256, 3, 3);
    normed("mixed_7a.branch2.2", "Mixed_7a_Branch_2_Conv2d_1a_3x3", 256, 256, 3, 3);
    for (int i = 1; i <= 6; i++) {
      String torch = i == 6 ? "block8." : "repeat_3.%d.".formatted(i - 1);
      String keras = "Block8_%d_".formatted(i);
      normed(torch + "branch0", keras + "Branch_0_Conv2d_1x1", 192, 1792, 1, 1);
      normed(torch + "branch1.0", keras + "Branch_1_Conv2d_0a_1x1", 192, 1792, 1, 1);
      normed(torch + "branch1.1", keras + "Branch_1_Conv2d_0b_1x3", 192, 192, 1, 3);
      normed(torch + "branch1.2", keras + "Branch_1_Conv2d_0c_3x1", 192, 192, 3, 1);
      UPS.add(new Layer(torch + "conv2d", keras + "Conv2d_1x1", 1792, 384, 1, 1));
    }
  }

  private FacenetLayers() {}

  static Weights torch() {
    FormulaWeights weights = new FormulaWeights();
    for (Layer layer : NORMED) {
      weights.tensor(
          layer.torch + ".conv.weight", layer.outputs, layer.inputs, layer.height, layer.width);
      norm(weights, layer.torch + ".bn", layer.outputs);
    }
    UPS.forEach(layer -> weights.layer(layer.torch, layer.outputs, layer.inputs, 1, 1));
    norm(weights.tensor("last_linear.weight", 512, 1792), "last_bn", 512);
    return weights.weights();
  }

  /** The same with every batch norm's scale one. */
  static Weights withUnitScales(Weights torch) {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    for (String name : torch.names()) {
      WeightTensor tensor = torch.tensor(name);
      float[] values = tensor.values().clone();
      if (name.endsWith("bn.weight")) {
        Arrays.fill(values, 1);
      }
      tensors.put(name, new WeightTensor(tensor.shape(), values));
    }
    return new Weights(tensors);
  }

  /** The same numbers in Keras's layout; its batch norms have no scale. */
  static Weights keras(Weights torch) {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    for (Layer layer : NORMED) {
      kernel(tensors, layer.keras, torch.tensor(layer.torch + ".conv.weight"));
      norm(tensors, layer.keras, torch, layer.torch + ".bn");
    }
    for (Layer layer : UPS) {
      kernel(tensors, layer.keras, torch.tensor(layer.torch + ".weight"));
      tensors.put(layer.keras + "/bias:0", torch.tensor(layer.torch + ".bias"));
    }
    kernel(tensors, "Bottleneck", torch.tensor("last_linear.weight"));
    norm(tensors, "Bottleneck", torch, "last_bn");
    return new Weights(tensors);
  }

  private static void normed(
      String torch, String keras, int outputs, int inputs, int height, int width) {
    NORMED.add(new Layer(torch, keras, outputs, inputs, height, width));
  }

  private static void norm(FormulaWeights weights, String name, int channels) {
    weights
        .tensor(name + ".weight", channels)
        .tensor(name + ".bias", channels)
        .tensor(name + ".running_mean", channels)
        .tensor(name + ".running_var", channels);
  }

  private static void norm(
      Map<String, WeightTensor> tensors, String keras, Weights torch, String name) {
    tensors.put(keras + "_BatchNorm/beta:0", torch.tensor(name + ".bias"));
    tensors.put(keras + "_BatchNorm/moving_mean:0", torch.tensor(name + ".running_mean"));
    tensors.put(keras + "_BatchNorm/moving_variance:0", torch.tensor(name + ".running_var"));
  }

  /** [outputs, inputs, height, width] as [height, width, inputs, outputs], or two dimensions. */
  private static void kernel(Map<String, WeightTensor> tensors, String keras, WeightTensor tensor) {
    List<Integer> shape = tensor.shape();
    int outputs = shape.get(0);
    int inputs = shape.get(1);
    int height = shape.size() == 4 ? shape.get(2) : 1;
    int width = shape.size() == 4 ? shape.get(3) : 1;
    float[] values = new float[tensor.values().length];
    int at = 0;
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            values[((y * width + x) * inputs + i) * outputs + o] = tensor.values()[at++];
          }
        }
      }
    }
    List<Integer> order =
        shape.size() == 4 ? List.of(height, width, inputs, outputs) : List.of(inputs, outputs);
    tensors.put(keras + "/kernel:0", new WeightTensor(order, values));
  }
}
