package dev.facet.models.network;

import dev.facet.models.checkpoint.CheckpointException;
import dev.facet.models.checkpoint.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * EdgeFace (George et al. 2023, arXiv:2307.01838): EdgeNeXt as timm builds it, with a head of 512
 * numbers and, in the published sizes, linear layers of low rank. Widths, depths, kernels, heads
 * and ranks are those of the weights.
 *
 * <p>{@code input} [N, 3, 112, 112] to {@code embedding} [N, dimension], which is not of unit
 * length. Between convolutions the picture is a list of vectors, [N × positions, channels], as
 * dense layers and layer norms want it. The factors gamma are merged into the layers before them.
 */
final class EdgeFace {

  private static final int SIDE = 112;
  private static final int STAGES = 4;
  private static final String ROOT = "model.";

  private final GraphBuilder graph = new GraphBuilder("edgeface");
  private final Weights weights;
  private final EdgeFaceLayers layers;

  private EdgeFace(Weights weights) {
    this.weights = weights;
    this.layers = new EdgeFaceLayers(graph, weights);
  }

  /**
   * @param width the channels of the first stage, which tell one size of the network from another
   */
  static byte[] build(Weights weights, int width) {
    return new EdgeFace(weights).build(width);
  }

  private byte[] build(int width) {
    String side = Integer.toString(SIDE);
    String x = graph.input("input", "N", "3", side, side);
    Picture picture = stem(x, width);
    for (int stage = 0; stage < STAGES; stage++) {
      String name = ROOT + "stages." + stage;
      if (stage > 0) {
        picture = halve(name + ".downsample", picture);
      }
      int depth = layers.count(name + ".blocks.");
      for (int block = 0; block < depth; block++) {
        picture = block(name + ".blocks." + block, picture);
      }
    }
    x = graph.flatten("flatten", graph.globalAveragePool("average", picture.value()));
    x = layers.norm(ROOT + "head.norm", x, picture.channels());
    int dimension = Filters.outputs(weights, ROOT + "head.fc", 2);
    Filters last = Filters.dense(weights, ROOT + "head.fc", dimension, picture.channels());
    graph.output(graph.dense("embedding", x, last), "N", Integer.toString(dimension));
    return graph.toByteArray();
  }

  private Picture stem(String input, int width) {
    Filters filters = Filters.of(weights, ROOT + "stem.0", width, 3, 4, 4);
    String x = graph.conv("stem.0", input, filters, Window.VALID.stride(4));
    Picture picture = new Picture(x, width, SIDE / 4);
    return layers.picture(
        "stem.1", layers.norm(ROOT + "stem.1", layers.vectors("stem.1", picture), width), picture);
  }

  private Picture halve(String name, Picture from) {
    String x = layers.norm(name + ".0", layers.vectors(name + ".0", from), from.channels());
    Picture normed = layers.picture(name + ".0", x, from);
    int channels = Filters.outputs(weights, name + ".1", 4);
    Filters filters = Filters.of(weights, name + ".1", channels, from.channels(), 2, 2);
    x = graph.conv(name + ".1", normed.value(), filters, Window.VALID.stride(2));
    return new Picture(x, channels, from.side() / 2);
  }

  private Picture block(String name, Picture x) {
    boolean local = weights.has(name + ".conv_dw.weight") || weights.has(name + ".conv_dw.bias");
    String y = local ? layers.vectors(name + ".conv_dw", local(name, x)) : crossed(name, x);
    y = layers.norm(name + ".norm", y, x.channels());
    y = layers.perceptron(name, y, x.channels());
    Picture change = layers.picture(name, y, x);
    return x.with(graph.add(name, change.value(), x.value()));
  }

  /** A convolution of each channel by itself. */
  private Picture local(String name, Picture x) {
    List<Integer> shape = weights.tensor(name + ".conv_dw.weight").shape();
    int side = shape.isEmpty() ? 0 : shape.getLast();
    if (side % 2 == 0) {
      throw new CheckpointException(
          "tensor '%s.conv_dw.weight' has the shape %s, not an odd square".formatted(name, shape));
    }
    Filters filters = Filters.of(weights, name + ".conv_dw", x.channels(), 1, side, side);
    return x.with(graph.depthwise(name + ".conv_dw", x.value(), filters, Window.SAME));
  }

  /** Groups of channels convolved in a chain, then attention between channels. */
  private String crossed(String name, Picture x) {
    Picture chained = x.with(chain(name, x));
    String y = layers.vectors(name + ".convs", chained);
    if (weights.has(name + ".pos_embd.token_projection.weight")) {
      y = layers.positions(name + ".pos_embd", y, x);
    }
    String normed = layers.norm(name + ".norm_xca", y, x.channels());
    return graph.add(name + ".xca", y, new CrossAttention(graph, layers).build(name, normed, x));
  }

  /** Each group but the last is added to what the one before became, and convolved. */
  private String chain(String name, Picture x) {
    int convolved = layers.count(name + ".convs.");
    int groups = convolved + 1;
    int width = Math.ceilDiv(x.channels(), groups);
    int rest = x.channels() - convolved * width;
    if (rest <= 0) {
      throw new CheckpointException(
          "'%s.convs' cuts %d channels into %d groups".formatted(name, x.channels(), groups));
    }
    List<String> parts = names(name + ".split.", groups);
    long[] sizes = new long[groups];
    Arrays.fill(sizes, width);
    sizes[convolved] = rest;
    graph.split(name + ".split", x.value(), 1, parts, sizes);

    String[] done = new String[groups];
    for (int i = 0; i < convolved; i++) {
      String conv = name + ".convs." + i;
      String group = i == 0 ? parts.get(i) : graph.add(conv + ".add", done[i - 1], parts.get(i));
      Filters filters = Filters.of(weights, conv, width, 1, 3, 3);
      done[i] = graph.depthwise(conv, group, filters, Window.SAME);
    }
    done[convolved] = parts.getLast();
    return graph.concat(name + ".concat", List.of(done));
  }

  private static List<String> names(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }

  /**
   * A value [N, channels, side, side].
   *
   * @param value its name in the graph
   * @param channels how many it has
   * @param side its height and width
   */
  record Picture(String value, int channels, int side) {

    Picture with(String other) {
      return new Picture(other, channels, side);
    }

    int positions() {
      return side * side;
    }
  }
}
