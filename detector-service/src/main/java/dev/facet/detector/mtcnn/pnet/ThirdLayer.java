package dev.facet.detector.mtcnn.pnet;

import static dev.facet.detector.mtcnn.pnet.Lanes.SPECIES;

import dev.facet.models.checkpoint.Weights;
import jdk.incubator.vector.FloatVector;

/**
 * The third layer: convolution 3×3 from sixteen channels to 32, and PReLU; see {@link
 * ProposalKernel}.
 *
 * <p>It has most of the network's work, so it is made with half the multiplications: along a row by
 * Winograd's F(4, 3), which makes four columns at a time from six. Each six columns are first
 * turned into six other numbers ({@link #transform}), once for the three rows that read them. From
 * those, six products take the place of twelve, and sums of these are the four columns. The
 * constants are those of the points 0, ±1, ±2 and infinity (Lavin and Gray, "Fast Algorithms for
 * Convolutional Neural Networks", CVPR 2016). Down the columns it stays a plain convolution: done
 * both ways, it would round more, and what is saved would go into moving numbers about.
 *
 * <p>Lanes are channels, 32 made in two vectors. Twelve groups of four columns are made at a time:
 * 24 sums, two weights and a number spread over a vector, for 24 multiplications.
 */
final class ThirdLayer {
  static final int CHANNELS = 2 * Lanes.COUNT;

  /** Columns that are made together by the same products. */
  static final int GROUP = 4;

  /** Groups made at a time. */
  static final int BLOCK = 12;

  /** Products for a group. */
  static final int POINTS = 6;

  private static final int INPUTS = SecondLayer.CHANNELS;

  /** From the three weights of a row to those of each product. */
  private static final double[][] FILTER = {
    {1 / 4.0, 0, 0},
    {-1 / 6.0, -1 / 6.0, -1 / 6.0},
    {-1 / 6.0, 1 / 6.0, -1 / 6.0},
    {1 / 24.0, 1 / 12.0, 1 / 6.0},
    {1 / 24.0, -1 / 12.0, 1 / 6.0},
    {0, 0, 1}
  };

  /** By product, row and channel read: the channels made. */
  private final float[] weights;

  /** By product; the second goes into all four columns alike, so the biases are there. */
  private final float[] biases;

  private final float[] slopes;

  ThirdLayer(Weights trained) {
    float[] filters = trained.values("conv3.weight", CHANNELS, INPUTS, 3, 3);
    this.weights = new float[POINTS * 3 * INPUTS * CHANNELS];
    this.biases = new float[POINTS * CHANNELS];
    System.arraycopy(trained.values("conv3.bias", CHANNELS), 0, biases, CHANNELS, CHANNELS);
    this.slopes = trained.values("prelu3.weight", CHANNELS);
    for (int i = 0; i < filters.length; i += 3) {
      int output = i / (INPUTS * 9);
      int input = i / 9 % INPUTS;
      int row = i / 3 % 3;
      for (int point = 0; point < POINTS; point++) {
        double[] factors = FILTER[point];
        double weight =
            factors[0] * filters[i] + factors[1] * filters[i + 1] + factors[2] * filters[i + 2];
        weights[((point * 3 + row) * INPUTS + input) * CHANNELS + output] = (float) weight;
      }
    }
  }

  /**
   * Turns a row of the second layer into what the products read.
   *
   * @param row channels of each column, readable up to two columns beyond the last group
   * @param out gets a plane for each product, with the channels of each group
   * @param plane length of a plane
   */
  static void transform(float[] row, float[] out, int at, int plane, int groups) {
    for (int group = 0; group < groups; group++) {
      int i = group * GROUP * INPUTS;
      FloatVector d0 = FloatVector.fromArray(SPECIES, row, i);
      FloatVector d1 = FloatVector.fromArray(SPECIES, row, i + INPUTS);
      FloatVector d2 = FloatVector.fromArray(SPECIES, row, i + 2 * INPUTS);
      FloatVector d3 = FloatVector.fromArray(SPECIES, row, i + 3 * INPUTS);
      FloatVector d4 = FloatVector.fromArray(SPECIES, row, i + 4 * INPUTS);
      FloatVector d5 = FloatVector.fromArray(SPECIES, row, i + 5 * INPUTS);
      FloatVector outer = d4.sub(d2.mul(4));
      FloatVector inner = d3.sub(d1.mul(4));
      FloatVector wide = d4.sub(d2);
      FloatVector twice = d3.sub(d1).mul(2);
      int o = at + group * INPUTS;
      d0.mul(4).add(d4).sub(d2.mul(5)).intoArray(out, o);
      outer.add(inner).intoArray(out, o + plane);
      outer.sub(inner).intoArray(out, o + 2 * plane);
      wide.add(twice).intoArray(out, o + 3 * plane);
      wide.sub(twice).intoArray(out, o + 4 * plane);
      d1.mul(4).add(d5).sub(d3.mul(5)).intoArray(out, o + 5 * plane);
    }
  }

  /**
   * Makes {@link #BLOCK} groups of a row.
   *
   * @param transformed rows as {@link #transform} makes them
   * @param rows where the three rows begin
   * @param group the first
   * @param products room for {@code POINTS * BLOCK * CHANNELS} numbers
   * @param out gets the channels of {@code GROUP * BLOCK} columns
   */
  void block(float[] transformed, int plane, int[] rows, int group, float[] products, float[] out) {
    for (int point = 0; point < POINTS; point++) {
      product(transformed, rows, point * plane + group * INPUTS, point, products);
    }
    for (int half = 0; half < CHANNELS; half += Lanes.COUNT) {
      columns(products, half, out);
    }
  }

  private void product(float[] transformed, int[] rows, int first, int point, float[] products) {
    FloatVector low0 = FloatVector.fromArray(SPECIES, biases, point * CHANNELS);
    FloatVector high0 = FloatVector.fromArray(SPECIES, biases, point * CHANNELS + Lanes.COUNT);
    FloatVector low1 = low0;
    FloatVector high1 = high0;
    FloatVector low2 = low0;
    FloatVector high2 = high0;
    FloatVector low3 = low0;
    FloatVector high3 = high0;
    FloatVector low4 = low0;
    FloatVector high4 = high0;
    FloatVector low5 = low0;
    FloatVector high5 = high0;
    FloatVector low6 = low0;
    FloatVector high6 = high0;
    FloatVector low7 = low0;
    FloatVector high7 = high0;
    FloatVector low8 = low0;
    FloatVector high8 = high0;
    FloatVector low9 = low0;
    FloatVector high9 = high0;
    FloatVector low10 = low0;
    FloatVector high10 = high0;
    FloatVector low11 = low0;
    FloatVector high11 = high0;
    int k = point * 3 * INPUTS * CHANNELS;
    for (int row = 0; row < 3; row++) {
      int begin = rows[row] + first;
      for (int i = begin; i < begin + INPUTS; i++) {
        FloatVector low = FloatVector.fromArray(SPECIES, weights, k);
        FloatVector high = FloatVector.fromArray(SPECIES, weights, k + Lanes.COUNT);
        FloatVector in = FloatVector.broadcast(SPECIES, transformed[i]);
        low0 = in.fma(low, low0);
        high0 = in.fma(high, high0);
        in = FloatVector.broadcast(SPECIES, transformed[i + 1 * INPUTS]);
        low1 = in.fma(low, low1);
        high1 = in.fma(high, high1);
        in = FloatVector.broadcast(SPECIES, transformed[i + 2 * INPUTS]);
        low2 = in.fma(low, low2);
        high2 = in.fma(high, high2);
        in = FloatVector.broadcast(SPECIES, transformed[i + 3 * INPUTS]);
        low3 = in.fma(low, low3);
        high3 = in.fma(high, high3);
        in = FloatVector.broadcast(SPECIES, transformed[i + 4 * INPUTS]);
        low4 = in.fma(low, low4);
        high4 = in.fma(high, high4);
        in = FloatVector.broadcast(SPECIES, transformed[i + 5 * INPUTS]);
        low5 = in.fma(low, low5);
        high5 = in.fma(high, high5);
        in = FloatVector.broadcast(SPECIES, transformed[i + 6 * INPUTS]);
        low6 = in.fma(low, low6);
        high6 = in.fma(high, high6);
        in = FloatVector.broadcast(SPECIES, transformed[i + 7 * INPUTS]);
        low7 = in.fma(low, low7);
        high7 = in.fma(high, high7);
        in = FloatVector.broadcast(SPECIES, transformed[i + 8 * INPUTS]);
        low8 = in.fma(low, low8);
        high8 = in.fma(high, high8);
        in = FloatVector.broadcast(SPECIES, transformed[i + 9 * INPUTS]);
        low9 = in.fma(low, low9);
        high9 = in.fma(high, high9);
        in = FloatVector.broadcast(SPECIES, transformed[i + 10 * INPUTS]);
        low10 = in.fma(low, low10);
        high10 = in.fma(high, high10);
        in = FloatVector.broadcast(SPECIES, transformed[i + 11 * INPUTS]);
        low11 = in.fma(low, low11);
        high11 = in.fma(high, high11);
        k += CHANNELS;
      }
    }
    int at = point * BLOCK * CHANNELS;
    low0.intoArray(products, at);
    high0.intoArray(products, at + Lanes.COUNT);
    low1.intoArray(products, at + 1 * CHANNELS);
    high1.intoArray(products, at + 1 * CHANNELS + Lanes.COUNT);
    low2.intoArray(products, at + 2 * CHANNELS);
    high2.intoArray(products, at + 2 * CHANNELS + Lanes.COUNT);
    low3.intoArray(products, at + 3 * CHANNELS);
    high3.intoArray(products, at + 3 * CHANNELS + Lanes.COUNT);
    low4.intoArray(products, at + 4 * CHANNELS);
    high4.intoArray(products, at + 4 * CHANNELS + Lanes.COUNT);
    low5.intoArray(products, at + 5 * CHANNELS);
    high5.intoArray(products, at + 5 * CHANNELS + Lanes.COUNT);
    low6.intoArray(products, at + 6 * CHANNELS);
    high6.intoArray(products, at + 6 * CHANNELS + Lanes.COUNT);
    low7.intoArray(products, at + 7 * CHANNELS);
    high7.intoArray(products, at + 7 * CHANNELS + Lanes.COUNT);
    low8.intoArray(products, at + 8 * CHANNELS);
    high8.intoArray(products, at + 8 * CHANNELS + Lanes.COUNT);
    low9.intoArray(products, at + 9 * CHANNELS);
    high9.intoArray(products, at + 9 * CHANNELS + Lanes.COUNT);
    low10.intoArray(products, at + 10 * CHANNELS);
    high10.intoArray(products, at + 10 * CHANNELS + Lanes.COUNT);
    low11.intoArray(products, at + 11 * CHANNELS);
    high11.intoArray(products, at + 11 * CHANNELS + Lanes.COUNT);
  }

  /** The four columns of each group, from its products. */
  private void columns(float[] products, int half, float[] out) {
    int plane = BLOCK * CHANNELS;
    FloatVector slope = FloatVector.fromArray(SPECIES, slopes, half);
    for (int group = 0; group < BLOCK; group++) {
      int i = group * CHANNELS + half;
      FloatVector m1 = FloatVector.fromArray(SPECIES, products, i + plane);
      FloatVector m2 = FloatVector.fromArray(SPECIES, products, i + 2 * plane);
      FloatVector m3 = FloatVector.fromArray(SPECIES, products, i + 3 * plane);
      FloatVector m4 = FloatVector.fromArray(SPECIES, products, i + 4 * plane);
      FloatVector inner = m1.add(m2);
      FloatVector innerOdd = m1.sub(m2);
      FloatVector outer = m3.add(m4);
      FloatVector outerOdd = m3.sub(m4);
      FloatVector y0 = FloatVector.fromArray(SPECIES, products, i).add(inner).add(outer);
      FloatVector y1 = innerOdd.add(outerOdd.mul(2));
      FloatVector y2 = inner.add(outer.mul(4));
      FloatVector y3 =
          innerOdd
              .add(outerOdd.mul(8))
              .add(FloatVector.fromArray(SPECIES, products, i + 5 * plane));
      int o = group * GROUP * CHANNELS + half;
      Lanes.prelu(y0, slope).intoArray(out, o);
      Lanes.prelu(y1, slope).intoArray(out, o + CHANNELS);
      Lanes.prelu(y2, slope).intoArray(out, o + 2 * CHANNELS);
      Lanes.prelu(y3, slope).intoArray(out, o + 3 * CHANNELS);
    }
  }
}
