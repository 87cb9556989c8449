package dev.facet.models.network;

import dev.facet.models.checkpoint.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The three networks of MTCNN (Zhang et al. 2016, arXiv:1604.02878) in the sizes and under the
 * names of facenet-pytorch.
 *
 * <p>Each takes {@code image}, float32 [N, height, width, 3], RGB, 0 to 255 and not necessarily
 * whole numbers, as the levels of a pyramid are averages. The scaling to {@code (x - 127.5) / 128}
 * is merged into the first convolution, and the softmax over the two scores of "no face" and "face"
 * is the sigmoid of their difference, one channel of a common head.
 */
final class Mtcnn {

  private static final double MEAN = 127.5;
  private static final double DEVIATION = 128;
  private static final int BOX = 4;
  private static final int LANDMARKS = 10;

  /**
   * Rows of interleaved pixels are a picture of one channel, over which a filter of three times the
   * width moves three columns at a time: no pixel has to be moved.
   */
  private static final Window WHOLE_PIXELS = new Window(1, 3, false);

  /** The side of the picture on which the dense layers of R-Net and O-Net stand. */
  private static final int LAST_SIDE = 3;

  private Mtcnn() {}

  static byte[] build(String part, Weights weights) {
    return switch (part) {
      case "pnet" -> pnet(weights);
      case "rnet" -> rnet(weights);
      case "onet" -> onet(weights);
      default -> throw new IllegalArgumentException("MTCNN has no part '%s'".formatted(part));
    };
  }

  /**
   * The proposal network: {@code probability} [N, h, w] and {@code regression} [N, 4, h, w] with
   * {@code h = ceil((H - 2) / 2) - 4} and w likewise; H and W are open and at least 12.
   */
  private static byte[] pnet(Weights weights) {
    GraphBuilder graph = new GraphBuilder("pnet");
    String image = graph.input("image", "N", "H", "W", "3");
    String rows = graph.unsqueeze("rows", graph.reshape("interleaved", image, 0, 0, -1), 1);

    Filters conv1 = interleaved(Filters.of(weights, "conv1", 10, 3, 3, 3).onRaw(MEAN, DEVIATION));
    PooledPrelu layer1 = new PooledPrelu(conv1, slopes(weights, 1, 10));
    String x = layer1.build(graph, "1", rows, WHOLE_PIXELS, 2);
    Filters conv2 = layer1.next(Filters.of(weights, "conv2", 16, 10, 3, 3));
    x = prelu(graph, weights, 2, graph.conv("conv2", x, conv2, Window.VALID), 16);
    x = graph.conv("conv3", x, Filters.of(weights, "conv3", 32, 16, 3, 3), Window.VALID);
    x = prelu(graph, weights, 3, x, 32);

    Filters head =
        logit(Filters.of(weights, "conv4_1", 2, 32, 1, 1))
            .and(Filters.of(weights, "conv4_2", BOX, 32, 1, 1));
    String answers = graph.conv("head", x, head, Window.VALID);
    answers(graph, answers, List.of("regression"), 1, BOX);
    graph.output("probability", "N", "h", "w");
    graph.output("regression", "N", "4", "h", "w");
    return graph.toByteArray();
  }

  /** The refinement network: [N,24,24,3] to {@code probability} [N], {@code regression} [N,4]. */
  private static byte[] rnet(Weights weights) {
    GraphBuilder graph = new GraphBuilder("rnet");
    String rows = pixels(graph, 24);
    Filters conv1 = interleaved(Filters.of(weights, "conv1", 28, 3, 3, 3).onRaw(MEAN, DEVIATION));
    AlignedPrelu layer1 = new AlignedPrelu(conv1, slopes(weights, 1, 28));
    String x = layer1.build(graph, "1", rows, WHOLE_PIXELS, 3);
    Filters conv2 = layer1.next(Filters.of(weights, "conv2", 48, 28, 3, 3));
    x = graph.conv("conv2", x, conv2, Window.VALID);
    x = pool(graph, 2, prelu(graph, weights, 2, x, 48), 3);
    x = graph.conv("conv3", x, Filters.of(weights, "conv3", 64, 48, 2, 2), Window.VALID);
    x = prelu(graph, weights, 3, x, 64);

    x =
        graph.dense(
            "dense4", graph.flatten("flatten", x), afterPicture(weights, "dense4", 128, 64));
    x = graph.preluOnVectors("prelu4", x, slopes(weights, 4, 128));
    Filters head =
        logit(Filters.dense(weights, "dense5_1", 2, 128))
            .and(Filters.dense(weights, "dense5_2", BOX, 128));
    answers(graph, graph.dense("head", x, head), List.of("regression"), 1, BOX);
    graph.output("probability", "N");
    graph.output("regression", "N", "4");
    return graph.toByteArray();
  }

  /**
   * The output network: [N,48,48,3] to {@code probability} [N], {@code regression} [N,4] and {@code
   * landmarks} [N,10], five x before five y.
   */
  private static byte[] onet(Weights weights) {
    GraphBuilder graph = new GraphBuilder("onet");
    String rows = pixels(graph, 48);
    Filters conv1 = interleaved(Filters.of(weights, "conv1", 32, 3, 3, 3).onRaw(MEAN, DEVIATION));
    String x = graph.conv("conv1", rows, conv1, WHOLE_PIXELS);
    x = pool(graph, 1, prelu(graph, weights, 1, x, 32), 3);
    x = graph.conv("conv2", x, Filters.of(weights, "conv2", 64, 32, 3, 3), Window.VALID);
    x = pool(graph, 2, prelu(graph, weights, 2, x, 64), 3);
    x = graph.conv("conv3", x, Filters.of(weights, "conv3", 64, 64, 3, 3), Window.VALID);
    x = pool(graph, 3, prelu(graph, weights, 3, x, 64), 2);
    x = graph.conv("conv4", x, Filters.of(weights, "conv4", 128, 64, 2, 2), Window.VALID);
    x = prelu(graph, weights, 4, x, 128);

    x =
        graph.dense(
            "dense5", graph.flatten("flatten", x), afterPicture(weights, "dense5", 256, 128));
    x = graph.preluOnVectors("prelu5", x, slopes(weights, 5, 256));
    Filters head =
        logit(Filters.dense(weights, "dense6_1", 2, 256))
            .and(Filters.dense(weights, "dense6_2", BOX, 256))
            .and(Filters.dense(weights, "dense6_3", LANDMARKS, 256));
    String answers = graph.dense("head", x, head);
    answers(graph, answers, List.of("regression", "landmarks"), 1, BOX, LANDMARKS);
    graph.output("probability", "N");
    graph.output("regression", "N", "4");
    graph.output("landmarks", "N", "10");
    return graph.toByteArray();
  }

  private static String pixels(GraphBuilder graph, int side) {
    String image = graph.input("image", "N", "" + side, "" + side, "3");
    return graph.reshape("rows", image, 0, 1, side, 3L * side);
  }

  private static String prelu(
      GraphBuilder graph, Weights weights, int number, String x, int channels) {
    return graph.prelu("prelu" + number, x, slopes(weights, number, channels));
  }

  private static float[] slopes(Weights weights, int number, int channels) {
    return weights.values("prelu%d.weight".formatted(number), channels);
  }

  private static String pool(GraphBuilder graph, int number, String x, int side) {
    return graph.maxPool("pool" + number, x, side, Window.VALID.stride(2), true);
  }

  /** Cuts the head's channels apart and turns the first into a probability. */
  private static void answers(GraphBuilder graph, String head, List<String> others, long... sizes) {
    List<String> names = Stream.concat(Stream.of("logit"), others.stream()).toList();
    graph.split("split", head, 1, names, sizes);
    graph.squeeze("probability", graph.sigmoid("sigmoid", "logit"), 1);
  }

  /** The second of two filters less the first. */
  private static Filters logit(Filters scores) {
    Filters no = scores.select(0);
    Filters yes = scores.select(1);
    float[] weights = new float[no.weights().length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = yes.weights()[i] - no.weights()[i];
    }
    float[] bias = {yes.biases()[0] - no.biases()[0]};
    return new Filters(1, scores.inputs(), scores.height(), scores.width(), weights, bias);
  }

  /** Filters [outputs, 3, h, w] as [outputs, 1, h, 3w], for rows of interleaved pixels. */
  private static Filters interleaved(Filters filters) {
    int area = filters.height() * filters.width();
    float[] weights = new float[filters.weights().length];
    for (int i = 0; i < weights.length; i++) {
      int channel = i / area % filters.inputs();
      int first = i - i % (area * filters.inputs());
      weights[first + i % area * filters.inputs() + channel] = filters.weights()[i];
    }
    int width = filters.width() * filters.inputs();
    return new Filters(filters.outputs(), 1, filters.height(), width, weights, filters.biases());
  }

  /**
   * A dense layer behind a picture of 3×3. The reference flattens it column by column with the
   * channels innermost, [width, height, channels]; here it comes as [channels, height, width].
   */
  private static Filters afterPicture(Weights weights, String name, int outputs, int channels) {
    int inputs = channels * LAST_SIDE * LAST_SIDE;
    Filters reference = Filters.dense(weights, name, outputs, inputs);
    float[] ordered = new float[outputs * inputs];
    for (int i = 0; i < ordered.length; i++) {
      int channel = i % inputs / (LAST_SIDE * LAST_SIDE);
      int row = i % (LAST_SIDE * LAST_SIDE) / LAST_SIDE;
      int column = i % LAST_SIDE;
      int from = (column * LAST_SIDE + row) * channels + channel;
      ordered[i] = reference.weights()[i / inputs * inputs + from];
    }
    return new Filters(outputs, inputs, 1, 1, ordered, Arrays.copyOf(reference.biases(), outputs));
  }
}
