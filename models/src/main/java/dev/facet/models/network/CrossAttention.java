package dev.facet.models.network;

import dev.facet.models.checkpoint.CheckpointException;
import dev.facet.models.network.EdgeFace.Picture;
import java.util.List;

/**
 * Attention between the channels of a picture instead of its positions (El-Nouby et al. 2021,
 * arXiv:2106.09681): the matrix that is softened has as many rows as a head has channels, whatever
 * the picture's size.
 */
final class CrossAttention {

  private final GraphBuilder graph;
  private final EdgeFaceLayers layers;
  private final VectorLayers vectors;

  CrossAttention(GraphBuilder graph, EdgeFaceLayers layers) {
    this.graph = graph;
    this.layers = layers;
    this.vectors = new VectorLayers(graph);
  }

  /** Builds it on a block's normed vectors; {@code gamma_xca} is merged into the last layer. */
  String build(String block, String normed, Picture x) {
    String name = block + ".xca";
    int channels = x.channels();
    int heads = layers.first(name + ".temperature");
    float[] temperature = layers.values(name + ".temperature", heads, 1, 1);
    if (heads == 0 || channels % heads != 0) {
      throw new CheckpointException(
          "tensor '%s.temperature' has %d heads for %d channels".formatted(name, heads, channels));
    }
    int each = channels / heads;

    String all = layers.linear(name + ".qkv", normed, 3 * channels, channels, null);
    all = graph.reshape(name + ".qkv/heads", all, -1, x.positions(), 3, heads, each);
    all = graph.transpose(name + ".qkv/apart", all, 2, 0, 3, 4, 1);
    List<String> parts = List.of(name + ".query/one", name + ".key/one", name + ".value/one");
    graph.split(name + ".qkv/split", all, 0, parts, 1, 1, 1);
    String query = graph.squeeze(name + ".query", parts.get(0), 0);
    String key = graph.squeeze(name + ".key", parts.get(1), 0);
    String value = graph.squeeze(name + ".value", parts.get(2), 0);

    query = vectors.unit(name + ".query/unit", query);
    key = graph.transpose(name + ".key/turned", vectors.unit(name + ".key/unit", key), 0, 1, 3, 2);
    String scores = graph.matmul(name + ".scores", query, key);
    scores = graph.scale(name + ".scores/scaled", scores, temperature, heads, 1, 1);
    String mixed = graph.matmul(name + ".mix", vectors.softmax(name + ".softmax", scores), value);
    mixed = graph.transpose(name + ".mix/apart", mixed, 0, 3, 1, 2);
    mixed = graph.reshape(name + ".mix/vectors", mixed, -1, channels);
    float[] gamma = layers.values(block + ".gamma_xca", channels);
    return layers.linear(name + ".proj", mixed, channels, channels, gamma);
  }
}
