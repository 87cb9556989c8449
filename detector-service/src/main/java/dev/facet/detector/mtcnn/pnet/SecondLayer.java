package dev.facet.detector.mtcnn.pnet;

import static dev.facet.detector.mtcnn.pnet.Lanes.SPECIES;

import dev.facet.models.checkpoint.Weights;
import jdk.incubator.vector.FloatVector;

/**
 * The second layer: convolution 3×3 from ten channels to sixteen, and PReLU; see {@link
 * ProposalKernel}.
 *
 * <p>Lanes are the channels made. Twelve columns are made at a time; a number of the picture before
 * is spread over a vector once and then used in the three columns whose windows hold it.
 */
final class SecondLayer {
  static final int CHANNELS = Lanes.COUNT;

  /** Columns made at a time. */
  static final int BLOCK = 12;

  private static final int INPUTS = FirstLayer.CHANNELS;

  /** By row, channel read and column: the channels made. */
  private final float[] weights;

  private final float[] biases;
  private final float[] slopes;

  SecondLayer(Weights trained) {
    float[] filters = trained.values("conv2.weight", CHANNELS, INPUTS, 3, 3);
    this.weights = new float[filters.length];
    this.biases = trained.values("conv2.bias", CHANNELS);
    this.slopes = trained.values("prelu2.weight", CHANNELS);
    for (int i = 0; i < filters.length; i++) {
      int output = i / (INPUTS * 9);
      int input = i / 9 % INPUTS;
      int row = i / 3 % 3;
      weights[((row * INPUTS + input) * 3 + i % 3) * CHANNELS + output] = filters[i];
    }
  }

  /**
   * Makes one row.
   *
   * @param pooled rows of a plane for each channel, readable two columns beyond the last block
   * @param plane length of a plane
   * @param rows where the three rows begin
   * @param out gets the channels of each column; room for {@code columns} rounded up to blocks
   */
  void row(float[] pooled, int plane, int[] rows, float[] out, int columns) {
    for (int x = 0; x < columns; x += BLOCK) {
      convolve(pooled, plane, rows, x, out, x * CHANNELS);
    }
    FloatVector slope = FloatVector.fromArray(SPECIES, slopes, 0);
    for (int at = 0; at < columns * CHANNELS; at += CHANNELS) {
      Lanes.prelu(FloatVector.fromArray(SPECIES, out, at), slope).intoArray(out, at);
    }
  }

  private void convolve(float[] pooled, int plane, int[] rows, int x, float[] out, int at) {
    FloatVector sum0 = FloatVector.fromArray(SPECIES, biases, 0);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    FloatVector sum4 = sum0;
    FloatVector sum5 = sum0;
    FloatVector sum6 = sum0;
    FloatVector sum7 = sum0;
    FloatVector sum8 = sum0;
    FloatVector sum9 = sum0;
    FloatVector sum10 = sum0;
    FloatVector sum11 = sum0;
    int k = 0;
    for (int row = 0; row < 3; row++) {
      int i = rows[row] + x;
      for (int input = 0; input < INPUTS; input++) {
        FloatVector left = FloatVector.fromArray(SPECIES, weights, k);
        FloatVector middle = FloatVector.fromArray(SPECIES, weights, k + CHANNELS);
        FloatVector right = FloatVector.fromArray(SPECIES, weights, k + 2 * CHANNELS);
        FloatVector in = FloatVector.broadcast(SPECIES, pooled[i]);
        sum0 = in.fma(left, sum0);
        in = FloatVector.broadcast(SPECIES, pooled[i + 1]);
        sum1 = in.fma(left, sum1);
        sum0 = in.fma(middle, sum0);
        in = FloatVector.broadcast(SPECIES, pooled[i + 2]);
        sum2 = in.fma(left, sum2);
        sum1 = in.fma(middle, sum1);
        sum0 = in.fma(right, sum0);
        in = FloatVector.broadcast(SPECIES, pooled[i + 3]);
        sum3 = in.fma(left, sum3);
        sum2 = in.fma(middle, sum2);
        sum1 = in.fma(right, sum1);
        in = FloatVector.broadcast(SPECIES, pooled[i + 4]);
        sum4 = in.fma(left, sum4);
        sum3 = in.fma(middle, sum3);
        sum2 = in.fma(right, sum2);
        in = FloatVector.broadcast(SPECIES, pooled[i + 5]);
        sum5 = in.fma(left, sum5);
        sum4 = in.fma(middle, sum4);
        sum3 = in.fma(right, sum3);
        in = FloatVector.broadcast(SPECIES, pooled[i + 6]);
        sum6 = in.fma(left, sum6);
        sum5 = in.fma(middle, sum5);
        sum4 = in.fma(right, sum4);
        in = FloatVector.broadcast(SPECIES, pooled[i + 7]);
        sum7 = in.fma(left, sum7);
        sum6 = in.fma(middle, sum6);
        sum5 = in.fma(right, sum5);
        in = FloatVector.broadcast(SPECIES, pooled[i + 8]);
        sum8 = in.fma(left, sum8);
        sum7 = in.fma(middle, sum7);
        sum6 = in.fma(right, sum6);
        in = FloatVector.broadcast(SPECIES, pooled[i + 9]);
        sum9 = in.fma(left, sum9);
        sum8 = in.fma(middle, sum8);
        sum7 = in.fma(right, sum7);
        in = FloatVector.broadcast(SPECIES, pooled[i + 10]);
        sum10 = in.fma(left, sum10);
        sum9 = in.fma(middle, sum9);
        sum8 = in.fma(right, sum8);
        in = FloatVector.broadcast(SPECIES, pooled[i + 11]);
        sum11 = in.fma(left, sum11);
        sum10 = in.fma(middle, sum10);
        sum9 = in.fma(right, sum9);
        in = FloatVector.broadcast(SPECIES, pooled[i + 12]);
        sum11 = in.fma(middle, sum11);
        sum10 = in.fma(right, sum10);
        in = FloatVector.broadcast(SPECIES, pooled[i + 13]);
        sum11 = in.fma(right, sum11);
        k += 3 * CHANNELS;
        i += plane;
      }
    }
    sum0.intoArray(out, at);
    sum1.intoArray(out, at + 1 * CHANNELS);
    sum2.intoArray(out, at + 2 * CHANNELS);
    sum3.intoArray(out, at + 3 * CHANNELS);
    sum4.intoArray(out, at + 4 * CHANNELS);
    sum5.intoArray(out, at + 5 * CHANNELS);
    sum6.intoArray(out, at + 6 * CHANNELS);
    sum7.intoArray(out, at + 7 * CHANNELS);
    sum8.intoArray(out, at + 8 * CHANNELS);
    sum9.intoArray(out, at + 9 * CHANNELS);
    sum10.intoArray(out, at + 10 * CHANNELS);
    sum11.intoArray(out, at + 11 * CHANNELS);
  }
}
