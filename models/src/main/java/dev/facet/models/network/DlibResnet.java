package dev.facet.models.network;

import dev.facet.models.checkpoint.Weights;
import java.util.Arrays;
import java.util.List;

/**
 * dlib's face recognition network ({@code dlib_face_recognition_resnet_model_v1}), a ResNet of 29
 * convolutions, under the names that face-api.js gave its weights: {@code conv64_1/conv2/conv} is a
 * convolution, {@code conv64_1/conv2/scale} what is left of its batch norm.
 *
 * <p>{@code input} [N, 3, 150, 150] to {@code embedding} [N, 128], which is not of unit length.
 */
final class DlibResnet {

  private static final int SIDE = 150;
  private static final int DIMENSION = 128;

  /**
   * A run of residual blocks of one width.
   *
   * @param channels the width
   * @param first the block that halves the picture, if one does
   * @param uneven whether its convolution yields a row and a column less than its shortcut
   * @param others the blocks that keep the size
   */
  private record Stage(int channels, List<String> first, boolean uneven, List<String> others) {}

  private static final List<Stage> STAGES =
      List.of(
          new Stage(32, List.of(), false, List.of("conv32_1", "conv32_2", "conv32_3")),
          new Stage(64, List.of("conv64_down"), false, List.of("conv64_1", "conv64_2", "conv64_3")),
          new Stage(128, List.of("conv128_down"), false, List.of("conv128_1", "conv128_2")),
          new Stage(256, List.of("conv256_down"), true, List.of("conv256_1", "conv256_2")),
          new Stage(256, List.of("conv256_down_out"), true, List.of()));

  private final GraphBuilder graph = new GraphBuilder("dlib-resnet");
  private final Weights weights;

  private DlibResnet(Weights weights) {
    this.weights = weights;
  }

  static byte[] build(Weights weights) {
    return new DlibResnet(weights).build();
  }

  private byte[] build() {
    String side = Integer.toString(SIDE);
    String x = graph.input("input", "N", "3", side, side);
    x = graph.conv("conv32_down", x, filters("conv32_down", 32, 3, 7), Window.VALID.stride(2));
    x = graph.maxPool("pool", graph.relu("conv32_down/relu", x), 3, Window.VALID.stride(2), false);
    int channels = 32;
    for (Stage stage : STAGES) {
      for (String block : stage.first()) {
        x = halving(block, x, channels, stage.channels(), stage.uneven());
      }
      channels = stage.channels();
      for (String block : stage.others()) {
        x = residual(block, x, channels);
      }
    }
    x = graph.flatten("flatten", graph.globalAveragePool("average", x));
    float[] matrix = weights.values("fc", channels, DIMENSION);
    float[] rows = Filters.fromHwio(matrix, 1, channels, DIMENSION);
    Filters dense = new Filters(DIMENSION, channels, 1, 1, rows, new float[DIMENSION]);
    graph.output(graph.dense("embedding", x, dense), "N", Integer.toString(DIMENSION));
    return graph.toByteArray();
  }

  private String residual(String block, String x, int channels) {
    Filters conv1 = filters(block + "/conv1", channels, channels, 3);
    Filters conv2 = filters(block + "/conv2", channels, channels, 3);
    String y = graph.relu(block + "/relu1", graph.conv(block + "/conv1", x, conv1, Window.SAME));
    y = graph.add(block + "/add", graph.conv(block + "/conv2", y, conv2, Window.SAME), x);
    return graph.relu(block + "/relu2", y);
  }

  /**
   * The block that halves the picture. Its shortcut is the average of 2×2 and zeros in the channels
   * that it lacks: one convolution says both, and lets the sum be taken in the next.
   */
  private String halving(String block, String x, int inputs, int outputs, boolean uneven) {
    Filters conv1 = filters(block + "/conv1", outputs, inputs, 3);
    Filters conv2 = filters(block + "/conv2", outputs, outputs, 3);
    String y = graph.conv(block + "/conv1", x, conv1, Window.VALID.stride(2));
    y = graph.conv(block + "/conv2", graph.relu(block + "/relu1", y), conv2, Window.SAME);
    if (uneven) {
      y = graph.padBelowRight(block + "/pad", y);
    }
    Window halves = Window.VALID.stride(2);
    String shortcut = graph.conv(block + "/shortcut", x, averages(outputs, inputs), halves);
    return graph.relu(block + "/relu2", graph.add(block + "/add", y, shortcut));
  }

  private Filters filters(String name, int outputs, int inputs, int side) {
    float[] hwio = weights.values(name + "/conv/filters", side, side, inputs, outputs);
    float[] biases = weights.values(name + "/conv/bias", outputs);
    double[] scale = Filters.doubles(weights.values(name + "/scale/weights", outputs));
    double[] shift = Filters.doubles(weights.values(name + "/scale/biases", outputs));
    float[] oihw = Filters.fromHwio(hwio, side * side, inputs, outputs);
    return new Filters(outputs, inputs, side, side, oihw, biases).scaled(scale, shift);
  }

  private static Filters averages(int outputs, int inputs) {
    float[] quarters = new float[outputs * inputs * 4];
    for (int c = 0; c < inputs; c++) {
      int first = (c * inputs + c) * 4;
      Arrays.fill(quarters, first, first + 4, 0.25f);
    }
    return new Filters(outputs, inputs, 2, 2, quarters, new float[outputs]);
  }
}
