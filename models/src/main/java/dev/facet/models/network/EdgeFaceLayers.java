package dev.facet.models.network;

import dev.facet.models.checkpoint.CheckpointException;
import dev.facet.models.checkpoint.WeightTensor;
import dev.facet.models.checkpoint.Weights;
import dev.facet.models.network.EdgeFace.Picture;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The layers of EdgeFace that work on vectors [N × positions, channels], and the way there. */
final class EdgeFaceLayers {

  private static final double EPSILON = 1e-6;
  private static final double TEMPERATURE = 10_000;

  private final GraphBuilder graph;
  private final VectorLayers vectors;
  private final Weights weights;

  EdgeFaceLayers(GraphBuilder graph, Weights weights) {
    this.graph = graph;
    this.vectors = new VectorLayers(graph);
    this.weights = weights;
  }

  /** How many numbered parts there are of that prefix: one more than the highest number. */
  int count(String prefix) {
    Pattern part = Pattern.compile(Pattern.quote(prefix) + "(\\d{1,3})\\..*");
    return weights.names().stream()
        .map(part::matcher)
        .filter(Matcher::matches)
        .mapToInt(matcher -> Integer.parseInt(matcher.group(1)) + 1)
        .max()
        .orElseThrow(
            () -> new CheckpointException("the checkpoint has no '%s0'".formatted(prefix)));
  }

  String vectors(String name, Picture x) {
    String last = graph.transpose(name + "/channels-last", x.value(), 0, 2, 3, 1);
    return graph.reshape(name + "/vectors", last, -1, x.channels());
  }

  /** The vectors as a picture like that one. */
  Picture picture(String name, String vectors, Picture like) {
    String last =
        graph.reshape(name + "/rows", vectors, -1, like.side(), like.side(), like.channels());
    return like.with(graph.transpose(name + "/channels-first", last, 0, 3, 1, 2));
  }

  String norm(String name, String x, int channels) {
    float[] scale = weights.values(name + ".weight", channels);
    return vectors.layerNorm(name, x, scale, weights.values(name + ".bias", channels), EPSILON);
  }

  /** Two linear layers with a GELU between, times the block's gamma. */
  String perceptron(String block, String x, int channels) {
    int hidden = outputs(block + ".mlp.fc1");
    String y = linear(block + ".mlp.fc1", x, hidden, channels, null);
    y = vectors.gelu(block + ".mlp.act", y);
    float[] gamma = weights.values(block + ".gamma", channels);
    return linear(block + ".mlp.fc2", y, channels, hidden, gamma);
  }

  float[] values(String name, int... shape) {
    return weights.values(name, shape);
  }

  /** The length of a tensor's first dimension, which must be there. */
  int first(String name) {
    List<Integer> shape = weights.tensor(name).shape();
    if (shape.isEmpty()) {
      throw new CheckpointException("tensor '%s' is a single number".formatted(name));
    }
    return shape.getFirst();
  }

  private int outputs(String name) {
    return Filters.outputs(weights, lowRank(name) ? name + ".linear2" : name, 2);
  }

  private boolean lowRank(String name) {
    return weights.has(name + ".linear1.weight");
  }

  /**
   * A dense layer, or two of low rank under {@code name.linear1} and {@code name.linear2}, which
   * stay two only where that takes fewer multiplications.
   *
   * @param factor what each output is multiplied by, if anything
   */
  String linear(String name, String x, int outputs, int inputs, float @Nullable [] factor) {
    if (!lowRank(name)) {
      return graph.dense(name, x, scaled(Filters.dense(weights, name, outputs, inputs), factor));
    }
    int rank = Filters.outputs(weights, name + ".linear1", 2);
    Filters first = Filters.denseWithoutBias(weights, name + ".linear1", rank, inputs);
    Filters second = scaled(Filters.dense(weights, name + ".linear2", outputs, rank), factor);
    if ((long) rank * (inputs + outputs) >= (long) inputs * outputs) {
      return graph.dense(name, x, first.then(second));
    }
    return graph.dense(name + ".linear2", graph.dense(name + ".linear1", x, first), second);
  }

  private static Filters scaled(Filters filters, float @Nullable [] factor) {
    return factor == null ? filters : filters.scaled(Filters.doubles(factor), null);
  }

  /**
   * Adds to every vector what tells its place: sines and cosines of its row and of its column
   * (Carion et al. 2020, arXiv:2005.12872), led through a layer. It depends on nothing else and is
   * a constant here.
   */
  String positions(String name, String vectors, Picture x) {
    WeightTensor projection = weights.tensor(name + ".token_projection.weight");
    int waves = projection.shape().size() < 2 ? 0 : projection.shape().get(1);
    int half = waves / 2;
    if (half == 0 || waves % 2 != 0) {
      throw new CheckpointException(
          "tensor '%s.token_projection.weight' has the shape %s, not an even number of inputs"
              .formatted(name, projection.shape()));
    }
    Filters filters = Filters.of(weights, name + ".token_projection", x.channels(), waves, 1, 1);
    float[] constant = new float[x.positions() * x.channels()];
    for (int at = 0; at < constant.length; at++) {
      int channel = at % x.channels();
      int row = at / x.channels() / x.side();
      int column = at / x.channels() % x.side();
      double sum = filters.biases()[channel];
      for (int wave = 0; wave < half; wave++) {
        int first = channel * waves + wave;
        sum += filters.weights()[first] * wave(row, x.side(), wave, half);
        sum += filters.weights()[first + half] * wave(column, x.side(), wave, half);
      }
      constant[at] = (float) sum;
    }
    String pictures = graph.reshape(name + "/pictures", vectors, -1, x.positions(), x.channels());
    String placed = graph.shift(name, pictures, constant, x.positions(), x.channels());
    return graph.reshape(name + "/vectors", placed, -1, x.channels());
  }

  private static double wave(int place, int places, int wave, int waves) {
    double turn = (place + 1) / (places + EPSILON) * 2 * Math.PI;
    double angle = turn / Math.pow(TEMPERATURE, 2 * (wave / 2) / (double) waves);
    return wave % 2 == 0 ? Math.sin(angle) : Math.cos(angle);
  }
}
