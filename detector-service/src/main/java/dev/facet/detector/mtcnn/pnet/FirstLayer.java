package dev.facet.detector.mtcnn.pnet;

import static dev.facet.detector.mtcnn.pnet.Lanes.SPECIES;

import dev.facet.models.checkpoint.Weights;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The first layer: convolution 3×3 from three colours to ten channels, PReLU, and the largest of
 * each 2×2; see {@link ProposalKernel}.
 *
 * <p>Lanes are columns of the pooled picture, since ten channels would leave six lanes of sixteen
 * empty. Pixels come with even and odd columns apart, so that the two that are pooled stand in the
 * same lane of two vectors. Five channels are made at a time in even and odd columns: ten sums,
 * four vectors of pixels and one weight, which is used twice. Ten sums are enough for the
 * multipliers' latency, and twice as many would be more code than C2 takes into one method.
 */
final class FirstLayer {
  static final int CHANNELS = 10;

  /** Sums of the columns of one vector: of each channel the four of a window. */
  static final int SUMS = CHANNELS * 4 * Lanes.COUNT;

  private static final int WINDOW = 4 * Lanes.COUNT;
  private static final int COLOURS = 3;
  private static final int GROUP = 5;
  private static final double MEAN = 127.5;
  private static final double DEVIATION = 128;

  /** By group of channels, row and colour: five channels times three columns. */
  private final float[] weights;

  private final float[] biases;
  private final float[] slopes;

  FirstLayer(Weights trained) {
    float[] filters = trained.values("conv1.weight", CHANNELS, COLOURS, 3, 3);
    this.weights = new float[filters.length];
    this.biases = trained.values("conv1.bias", CHANNELS).clone();
    this.slopes = trained.values("prelu1.weight", CHANNELS);
    for (int channel = 0; channel < CHANNELS; channel++) {
      double sum = 0;
      for (int at = 0; at < COLOURS * 9; at++) {
        double weight = filters[channel * COLOURS * 9 + at] / DEVIATION;
        sum += weight;
        int colour = at / 9;
        int row = at / 3 % 3;
        int group = channel / GROUP;
        weights[(((group * 3 + row) * COLOURS + colour) * GROUP + channel % GROUP) * 3 + at % 3] =
            (float) weight;
      }
      biases[channel] = (float) (biases[channel] - sum * MEAN);
    }
  }

  /**
   * Makes one row of the pooled picture.
   *
   * @param pixels rows of six planes: of each colour the even, then the odd columns
   * @param top where the three rows under the upper row of windows begin
   * @param bottom the same for the lower; equal to {@code top} where there is none
   * @param sums room for {@link #SUMS} numbers
   * @param out gets a plane of each channel
   * @param plane length of a plane, at least {@code columns} rounded up to whole vectors, and one
   * @param columns of the pooled picture
   * @param oddColumns how many of them have an odd column of the convolution
   */
  void row(
      float[] pixels,
      int[] top,
      int[] bottom,
      float[] sums,
      float[] out,
      int at,
      int plane,
      int columns,
      int oddColumns) {
    for (int x = 0; x < columns; x += Lanes.COUNT) {
      for (int group = 0; group < CHANNELS / GROUP; group++) {
        convolve(pixels, plane, top, x, group, sums, group * GROUP * WINDOW);
        convolve(pixels, plane, bottom, x, group, sums, group * GROUP * WINDOW + WINDOW / 2);
      }
      pool(sums, SPECIES.indexInRange(x, oddColumns), out, at + x, plane);
    }
  }

  private void convolve(
      float[] pixels, int plane, int[] rows, int x, int group, float[] sums, int at) {
    FloatVector aEven = FloatVector.broadcast(SPECIES, biases[group * GROUP]);
    FloatVector aOdd = aEven;
    FloatVector bEven = FloatVector.broadcast(SPECIES, biases[group * GROUP + 1]);
    FloatVector bOdd = bEven;
    FloatVector cEven = FloatVector.broadcast(SPECIES, biases[group * GROUP + 2]);
    FloatVector cOdd = cEven;
    FloatVector dEven = FloatVector.broadcast(SPECIES, biases[group * GROUP + 3]);
    FloatVector dOdd = dEven;
    FloatVector eEven = FloatVector.broadcast(SPECIES, biases[group * GROUP + 4]);
    FloatVector eOdd = eEven;
    int k = group * weights.length / 2;
    for (int row = 0; row < 3; row++) {
      int i = rows[row] + x;
      for (int colour = 0; colour < COLOURS; colour++) {
        FloatVector even = FloatVector.fromArray(SPECIES, pixels, i);
        FloatVector odd = FloatVector.fromArray(SPECIES, pixels, i + plane);
        FloatVector nextEven = FloatVector.fromArray(SPECIES, pixels, i + 1);
        FloatVector nextOdd = FloatVector.fromArray(SPECIES, pixels, i + plane + 1);
        FloatVector w = FloatVector.broadcast(SPECIES, weights[k]);
        aEven = even.fma(w, aEven);
        aOdd = odd.fma(w, aOdd);
        w = FloatVector.broadcast(SPECIES, weights[k + 1]);
        aEven = odd.fma(w, aEven);
        aOdd = nextEven.fma(w, aOdd);
        w = FloatVector.broadcast(SPECIES, weights[k + 2]);
        aEven = nextEven.fma(w, aEven);
        aOdd = nextOdd.fma(w, aOdd);
        w = FloatVector.broadcast(SPECIES, weights[k + 3]);
        bEven = even.fma(w, bEven);
        bOdd = odd.fma(w, bOdd);
        w = FloatVector.broadcast(SPECIES, weights[k + 4]);
        bEven = odd.fma(w, bEven);
        bOdd = nextEven.fma(w, bOdd);
        w = FloatVector.broadcast(SPECIES, weights[k + 5]);
        bEven = nextEven.fma(w, bEven);
        bOdd = nextOdd.fma(w, bOdd);
        w = FloatVector.broadcast(SPECIES, weights[k + 6]);
        cEven = even.fma(w, cEven);
        cOdd = odd.fma(w, cOdd);
        w = FloatVector.broadcast(SPECIES, weights[k + 7]);
        cEven = odd.fma(w, cEven);
        cOdd = nextEven.fma(w, cOdd);
        w = FloatVector.broadcast(SPECIES, weights[k + 8]);
        cEven = nextEven.fma(w, cEven);
        cOdd = nextOdd.fma(w, cOdd);
        w = FloatVector.broadcast(SPECIES, weights[k + 9]);
        dEven = even.fma(w, dEven);
        dOdd = odd.fma(w, dOdd);
        w = FloatVector.broadcast(SPECIES, weights[k + 10]);
        dEven = odd.fma(w, dEven);
        dOdd = nextEven.fma(w, dOdd);
        w = FloatVector.broadcast(SPECIES, weights[k + 11]);
        dEven = nextEven.fma(w, dEven);
        dOdd = nextOdd.fma(w, dOdd);
        w = FloatVector.broadcast(SPECIES, weights[k + 12]);
        eEven = even.fma(w, eEven);
        eOdd = odd.fma(w, eOdd);
        w = FloatVector.broadcast(SPECIES, weights[k + 13]);
        eEven = odd.fma(w, eEven);
        eOdd = nextEven.fma(w, eOdd);
        w = FloatVector.broadcast(SPECIES, weights[k + 14]);
        eEven = nextEven.fma(w, eEven);
        eOdd = nextOdd.fma(w, eOdd);
        k += 3 * GROUP;
        i += 2 * plane;
      }
    }
    aEven.intoArray(sums, at);
    aOdd.intoArray(sums, at + Lanes.COUNT);
    bEven.intoArray(sums, at + WINDOW);
    bOdd.intoArray(sums, at + WINDOW + Lanes.COUNT);
    cEven.intoArray(sums, at + 2 * WINDOW);
    cOdd.intoArray(sums, at + 2 * WINDOW + Lanes.COUNT);
    dEven.intoArray(sums, at + 3 * WINDOW);
    dOdd.intoArray(sums, at + 3 * WINDOW + Lanes.COUNT);
    eEven.intoArray(sums, at + 4 * WINDOW);
    eOdd.intoArray(sums, at + 4 * WINDOW + Lanes.COUNT);
  }

  /** PReLU and the largest of each window. */
  private void pool(float[] sums, VectorMask<Float> odd, float[] out, int at, int plane) {
    for (int channel = 0; channel < CHANNELS; channel++) {
      FloatVector slope = FloatVector.broadcast(SPECIES, slopes[channel]);
      int i = channel * WINDOW;
      FloatVector even =
          Lanes.max(
              Lanes.prelu(FloatVector.fromArray(SPECIES, sums, i), slope),
              Lanes.prelu(FloatVector.fromArray(SPECIES, sums, i + 2 * Lanes.COUNT), slope));
      FloatVector other =
          Lanes.max(
              Lanes.prelu(FloatVector.fromArray(SPECIES, sums, i + Lanes.COUNT), slope),
              Lanes.prelu(FloatVector.fromArray(SPECIES, sums, i + 3 * Lanes.COUNT), slope));
      Lanes.max(even, other, odd).intoArray(out, at + channel * plane);
    }
  }
}
