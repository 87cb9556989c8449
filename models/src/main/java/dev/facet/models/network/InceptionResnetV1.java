package dev.facet.models.network;

import dev.facet.models.checkpoint.Weights;
import java.util.List;

/**
 * FaceNet's Inception-ResNet-v1 (Szegedy et al. 2016, arXiv:1602.07261) as D. Sandberg trained it,
 * with the layer names of facenet-pytorch.
 *
 * <p>{@code input} [N, 3, 160, 160] to {@code embedding} [N, 512], which is not of unit length.
 * Batch norms are merged into the convolutions, and the factor by which a block's branches count
 * into the convolution that leads them back.
 */
final class InceptionResnetV1 {

  private static final int SIDE = 160;
  private static final int DIMENSION = 512;
  private static final Window HALVING = Window.VALID.stride(2);

  private final GraphBuilder graph = new GraphBuilder("inception-resnet-v1");
  private final FacenetWeights weights;

  private InceptionResnetV1(FacenetWeights weights) {
    this.weights = weights;
  }

  static byte[] build(Weights weights) {
    return new InceptionResnetV1(FacenetWeights.of(weights)).build();
  }

  private byte[] build() {
    String side = Integer.toString(SIDE);
    String x = stem(graph.input("input", "N", "3", side, side));
    for (int i = 0; i < 5; i++) {
      x = graph.relu("repeat_1.%d.relu".formatted(i), block35("repeat_1." + i, x));
    }
    x = mixed6a(x);
    for (int i = 0; i < 10; i++) {
      String block = "repeat_2." + i;
      x = graph.relu(block + ".relu", crossBlock(block, x, 896, 128, 7, 0.10));
    }
    x = mixed7a(x);
    for (int i = 0; i < 5; i++) {
      String block = "repeat_3." + i;
      x = graph.relu(block + ".relu", crossBlock(block, x, 1792, 192, 3, 0.20));
    }
    x = crossBlock("block8", x, 1792, 192, 3, 1);
    x = graph.flatten("flatten", graph.globalAveragePool("avgpool_1a", x));
    Filters last = weights.embedding(DIMENSION, 1792);
    graph.output(graph.dense("embedding", x, last), "N", Integer.toString(DIMENSION));
    return graph.toByteArray();
  }

  private String stem(String input) {
    String x = conv("conv2d_1a", input, 32, 3, 3, 3, HALVING);
    x = conv("conv2d_2a", x, 32, 32, 3, 3, Window.VALID);
    x = conv("conv2d_2b", x, 64, 32, 3, 3, Window.SAME);
    x = graph.maxPool("maxpool_3a", x, 3, HALVING, false);
    x = conv("conv2d_3b", x, 80, 64, 1, 1, Window.VALID);
    x = conv("conv2d_4a", x, 192, 80, 3, 3, Window.VALID);
    return conv("conv2d_4b", x, 256, 192, 3, 3, HALVING);
  }

  private String block35(String block, String x) {
    String branch0 = pointwise(block + ".branch0", x, 32, 256);
    String branch1 = pointwise(block + ".branch1.0", x, 32, 256);
    branch1 = conv(block + ".branch1.1", branch1, 32, 32, 3, 3, Window.SAME);
    String branch2 = pointwise(block + ".branch2.0", x, 32, 256);
    branch2 = conv(block + ".branch2.1", branch2, 32, 32, 3, 3, Window.SAME);
    branch2 = conv(block + ".branch2.2", branch2, 32, 32, 3, 3, Window.SAME);
    return sum(block, x, List.of(branch0, branch1, branch2), 256, 96, 0.17);
  }

  /** Block17 and Block8: one branch looks along the rows, then along the columns. */
  private String crossBlock(
      String block, String x, int channels, int width, int length, double scale) {
    String branch0 = pointwise(block + ".branch0", x, width, channels);
    String branch1 = pointwise(block + ".branch1.0", x, width, channels);
    branch1 = conv(block + ".branch1.1", branch1, width, width, 1, length, Window.SAME);
    branch1 = conv(block + ".branch1.2", branch1, width, width, length, 1, Window.SAME);
    return sum(block, x, List.of(branch0, branch1), channels, 2 * width, scale);
  }

  private String mixed6a(String x) {
    String branch0 = conv("mixed_6a.branch0", x, 384, 256, 3, 3, HALVING);
    String branch1 = pointwise("mixed_6a.branch1.0", x, 192, 256);
    branch1 = conv("mixed_6a.branch1.1", branch1, 192, 192, 3, 3, Window.SAME);
    branch1 = conv("mixed_6a.branch1.2", branch1, 256, 192, 3, 3, HALVING);
    String branch2 = graph.maxPool("mixed_6a.branch2", x, 3, HALVING, false);
    return graph.concat("mixed_6a", List.of(branch0, branch1, branch2));
  }

  private String mixed7a(String x) {
    String branch0 = pointwise("mixed_7a.branch0.0", x, 256, 896);
    branch0 = conv("mixed_7a.branch0.1", branch0, 384, 256, 3, 3, HALVING);
    String branch1 = pointwise("mixed_7a.branch1.0", x, 256, 896);
    branch1 = conv("mixed_7a.branch1.1", branch1, 256, 256, 3, 3, HALVING);
    String branch2 = pointwise("mixed_7a.branch2.0", x, 256, 896);
    branch2 = conv("mixed_7a.branch2.1", branch2, 256, 256, 3, 3, Window.SAME);
    branch2 = conv("mixed_7a.branch2.2", branch2, 256, 256, 3, 3, HALVING);
    String branch3 = graph.maxPool("mixed_7a.branch3", x, 3, HALVING, false);
    return graph.concat("mixed_7a", List.of(branch0, branch1, branch2, branch3));
  }

  private String pointwise(String layer, String x, int outputs, int inputs) {
    return conv(layer, x, outputs, inputs, 1, 1, Window.VALID);
  }

  private String conv(
      String layer, String x, int outputs, int inputs, int height, int width, Window window) {
    Filters filters = weights.conv(layer, outputs, inputs, height, width);
    return graph.relu(layer + ".relu", graph.conv(layer, x, filters, window));
  }

  /** What came in and, scaled, what the branches make of it. */
  private String sum(
      String block, String x, List<String> branches, int outputs, int inputs, double scale) {
    String joined = graph.concat(block + ".cat", branches);
    Filters up = weights.up(block + ".conv2d", outputs, inputs).scaled(scale);
    return graph.add(block + ".add", graph.conv(block + ".conv2d", joined, up, Window.VALID), x);
  }
}
