package dev.facet.models.network;

import java.util.stream.IntStream;

/**
 * A convolution, its PReLU and a max pooling, arranged so that all work after the convolution is
 * done on the pooled picture.
 *
 * <p>A PReLU with a slope of at least zero rises, so that it may as well follow the pooling. With a
 * slope a below zero it is {@code max(x, a * x)}, and so the largest value of a window is the
 * larger of the largest {@code x} and the largest {@code a * x}: the convolution makes those
 * channels twice, the second time multiplied by a. What is left to do on the pooled channels is
 * {@code max(p, q)} with p the largest x and q the largest {@code a * x}, or {@code a * p} for the
 * rising ones; a slope above one bends the other way, {@code min(p, q)}. Both are {@code ±(±q +
 * relu(±(p - q)))}: two convolutions of one position and a sum. The outer sign goes into the
 * filters of the layer that follows.
 *
 * <p>It pays where the doubled channels fill up a vector that was computed anyway, as in P-Net: 10
 * channels, 6 of them with negative slopes, make the 16 of one AVX-512 register.
 */
final class PooledPrelu {

  private final Filters filters;
  private final Filters line;
  private final Filters bend;
  private final double[] signs;

  PooledPrelu(Filters filters, float[] slopes) {
    int channels = slopes.length;
    int[] falling = falling(slopes);
    double[] negative = new double[falling.length];
    for (int i = 0; i < falling.length; i++) {
      negative[i] = slopes[falling[i]];
    }
    this.filters = filters.and(filters.select(falling).scaled(negative, null));
    this.signs = new double[channels];

    int doubled = channels + falling.length;
    float[] q = new float[channels * doubled];
    float[] pMinusQ = new float[channels * doubled];
    int copy = channels;
    for (int c = 0; c < channels; c++) {
      int row = c * doubled;
      float sign = slopes[c] > 1 ? -1 : 1;
      signs[c] = sign;
      if (slopes[c] < 0) {
        q[row + copy] = 1;
        pMinusQ[row + c] = 1;
        pMinusQ[row + copy] = -1;
        copy++;
      } else {
        q[row + c] = sign * slopes[c];
        pMinusQ[row + c] = sign * (1 - slopes[c]);
      }
    }
    this.line = new Filters(channels, doubled, 1, 1, q, new float[channels]);
    this.bend = new Filters(channels, doubled, 1, 1, pMinusQ, new float[channels]);
  }

  /** Builds the three layers with a pooling of that side and step, which rounds up. */
  String build(GraphBuilder graph, String number, String x, Window window, int side) {
    String convolved = graph.conv("conv" + number, x, filters, window);
    String pooled =
        graph.maxPool("pool" + number, convolved, side, Window.VALID.stride(side), true);
    String name = "prelu" + number;
    String straight = graph.conv(name + "/line", pooled, line, Window.VALID);
    String bent =
        graph.relu(name + "/relu", graph.conv(name + "/bend", pooled, bend, Window.VALID));
    return graph.add(name, straight, bent);
  }

  /** The filters that follow, for channels some of which come with their sign changed. */
  Filters next(Filters following) {
    return following.withInputsScaled(signs);
  }

  private static int[] falling(float[] slopes) {
    return IntStream.range(0, slopes.length).filter(c -> slopes[c] < 0).toArray();
  }
}
