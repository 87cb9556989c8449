package dev.facet.models.network;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A convolution, its PReLU and a max pooling, with as many channels as fill whole vectors.
 *
 * <p>ONNX Runtime keeps pictures in blocks of {@value #BLOCK} channels and computes what is missing
 * in the last of them anyway, but leaves that layout, to come back to it later, where a layer has
 * channels that do not fill it. Channels of zeros do.
 *
 * <p>The first of them may be of more use. With a slope above one a PReLU is {@code a * x + (1 - a)
 * * relu(x)} with a negative last factor, which is why {@link GraphBuilder#prelu} is slower there.
 * As it rises, it may as well follow the pooling: such a channel is pooled as x and, in a channel
 * to spare, as relu(x), and the sum is the next layer's.
 */
final class AlignedPrelu {

  private static final int BLOCK = 16;

  private final Filters filters;
  private final float[] slopes;
  private final int[] from;
  private final double[] shares;

  AlignedPrelu(Filters filters, float[] slopes) {
    int channels = slopes.length;
    int aligned = Math.ceilDiv(channels, BLOCK) * BLOCK;
    int[] steep = IntStream.range(0, channels).filter(c -> slopes[c] > 1).toArray();
    if (steep.length > aligned - channels) {
      steep = new int[0];
    }
    this.slopes = Arrays.copyOf(slopes, aligned);
    this.from = new int[aligned];
    this.shares = new double[aligned];
    double[] present = new double[aligned];
    for (int c = 0; c < channels; c++) {
      from[c] = c;
      shares[c] = 1;
      present[c] = 1;
    }
    for (int i = 0; i < steep.length; i++) {
      int c = steep[i];
      int spare = channels + i;
      from[spare] = c;
      present[spare] = 1;
      shares[c] = slopes[c];
      shares[spare] = 1.0 - slopes[c];
      this.slopes[c] = 1;
    }
    this.filters = filters.select(from).scaled(present, null);
  }

  /** Builds the three layers with a pooling of that side in steps of two, which rounds up. */
  String build(GraphBuilder graph, String number, String x, Window window, int side) {
    String convolved = graph.conv("conv" + number, x, filters, window);
    String bent = graph.prelu("prelu" + number, convolved, slopes);
    return graph.maxPool("pool" + number, bent, side, Window.VALID.stride(2), true);
  }

  /** The filters that follow, for these channels. */
  Filters next(Filters following) {
    return following.withInputs(from, shares);
  }
}
