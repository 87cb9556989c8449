package dev.facet.models.network;

import dev.facet.models.checkpoint.CheckpointException;
import dev.facet.models.checkpoint.Weights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The same weights as keras-facenet publishes them: TensorFlow's layer names, kernels [height,
 * width, inputs, outputs], batch norms without a scale.
 */
final class KerasFacenet implements FacenetWeights {

  private static final String FIRST = "Conv2d_1a_3x3/kernel";
  private static final Map<String, String> LAYERS = layers();

  private final Weights weights;
  private final Map<String, String> names;

  KerasFacenet(Weights weights) {
    this.weights = weights;
    this.names = names(weights);
  }

  /** Whether these weights carry Keras's names. */
  static boolean wrote(Weights weights) {
    return names(weights).containsKey(FIRST);
  }

  @Override
  public Filters conv(String layer, int outputs, int inputs, int height, int width) {
    String keras = keras(layer);
    float[] kernel = values(keras + "/kernel", height, width, inputs, outputs);
    return normed(
        new Filters(
            outputs,
            inputs,
            height,
            width,
            Filters.fromHwio(kernel, height * width, inputs, outputs),
            new float[outputs]),
        keras);
  }

  @Override
  public Filters up(String layer, int outputs, int inputs) {
    String keras = keras(layer);
    float[] kernel = values(keras + "/kernel", 1, 1, inputs, outputs);
    float[] biases = values(keras + "/bias", outputs);
    return new Filters(outputs, inputs, 1, 1, Filters.fromHwio(kernel, 1, inputs, outputs), biases);
  }

  @Override
  public Filters embedding(int outputs, int inputs) {
    float[] kernel = values("Bottleneck/kernel", inputs, outputs);
    float[] rows = Filters.fromHwio(kernel, 1, inputs, outputs);
    return normed(new Filters(outputs, inputs, 1, 1, rows, new float[outputs]), "Bottleneck");
  }

  private Filters normed(Filters filters, String layer) {
    int channels = filters.outputs();
    float[] scale = new float[channels];
    Arrays.fill(scale, 1);
    return filters.normed(
        values(layer + "_BatchNorm/moving_mean", channels),
        values(layer + "_BatchNorm/moving_variance", channels),
        scale,
        values(layer + "_BatchNorm/beta", channels),
        EPSILON);
  }

  private float[] values(String name, int... shape) {
    @Nullable String full = names.get(name);
    if (full == null) {
      throw new CheckpointException("the checkpoint has no tensor '%s'".formatted(name));
    }
    return weights.values(full, shape);
  }

  private static String keras(String layer) {
    @Nullable String keras = LAYERS.get(layer);
    if (keras == null) {
      throw new IllegalArgumentException("no layer '%s'".formatted(layer));
    }
    return keras;
  }

  /** From {@code layer/kernel} to the full name, which begins with groups and ends in ":0". */
  private static Map<String, String> names(Weights weights) {
    Map<String, String> names = new HashMap<>();
    for (String full : weights.names()) {
      String[] path = full.replaceFirst(":0$", "").split("/", -1);
      if (path.length >= 2) {
        names.put(path[path.length - 2] + "/" + path[path.length - 1], full);
      }
    }
    return names;
  }

  private static Map<String, String> layers() {
    Map<String, String> layers = new HashMap<>();
    layers.put("conv2d_1a", "Conv2d_1a_3x3");
    layers.put("conv2d_2a", "Conv2d_2a_3x3");
    layers.put("conv2d_2b", "Conv2d_2b_3x3");
    layers.put("conv2d_3b", "Conv2d_3b_1x1");
    layers.put("conv2d_4a", "Conv2d_4a_3x3");
    layers.put("conv2d_4b", "Conv2d_4b_3x3");
    List<String> direct = List.of("1x1");
    for (int i = 0; i < 5; i++) {
      List<String> two = List.of("0a_1x1", "0b_3x3");
      List<String> three = List.of("0a_1x1", "0b_3x3", "0c_3x3");
      block(layers, "repeat_1." + i, "Block35_" + (i + 1), List.of(direct, two, three));
    }
    List<String> direct6 = List.of("1a_3x3");
    List<String> three6 = List.of("0a_1x1", "0b_3x3", "1a_3x3");
    block(layers, "mixed_6a", "Mixed_6a", List.of(direct6, three6));
    for (int i = 0; i < 10; i++) {
      List<String> cross = List.of("0a_1x1", "0b_1x7", "0c_7x1");
      block(layers, "repeat_2." + i, "Block17_" + (i + 1), List.of(direct, cross));
    }
    List<String> two7 = List.of("0a_1x1", "1a_3x3");
    block(layers, "mixed_7a", "Mixed_7a", List.of(two7, two7, three6));
    for (int i = 0; i < 6; i++) {
      List<String> cross = List.of("0a_1x1", "0b_1x3", "0c_3x1");
      String layer = i < 5 ? "repeat_3." + i : "block8";
      block(layers, layer, "Block8_" + (i + 1), List.of(direct, cross));
    }
    return layers;
  }

  /** A branch of one convolution has no number within it. */
  private static void block(
      Map<String, String> layers, String layer, String keras, List<List<String>> branches) {
    for (int branch = 0; branch < branches.size(); branch++) {
      List<String> steps = branches.get(branch);
      for (int step = 0; step < steps.size(); step++) {
        String number = steps.size() == 1 ? "" : "." + step;
        layers.put(
            "%s.branch%d%s".formatted(layer, branch, number),
            "%s_Branch_%d_Conv2d_%s".formatted(keras, branch, steps.get(step)));
      }
    }
    layers.put(layer + ".conv2d", keras + "_Conv2d_1x1");
  }
}
