package dev.facet.detector.mtcnn.pnet;

import dev.facet.models.checkpoint.Weights;
import java.util.Arrays;

/**
 * The proposal network on vectors of sixteen floats: the same numbers as its ONNX graph but for the
 * order of sums, in about half the time. May be run by any number of threads at a time.
 */
public final class ProposalKernel {

  /*
   * What. P-Net is three small convolutions and a head: 3 -> 10 channels, PReLU and a pooling of
   * 2 x 2, 10 -> 16 and PReLU, 16 -> 32 and PReLU, then a score and a box for each cell. A cell
   * takes 7,288 multiplications, of which the third layer has 63 %. ONNX Runtime keeps whole
   * pictures between the layers, fills blocks of 16 channels where there are 10, and has passes of
   * their own for what follows a convolution; it gets a third of what the processor can do.
   *
   * Rows. Everything goes row by row. Each layer keeps just those rows of the one before that its
   * windows cover, three or four, in rings that stay in the second-level cache; a row of pixels is
   * made when it is wanted, and nothing is kept of a row of answers but what is a candidate. What
   * follows a convolution is done on a block of its sums, which are still in the nearest cache.
   *
   * Registers. A multiply-add needs two operands from memory unless one is held, so each layer has
   * ten to 24 sums in registers, and what they share beside them. Eight are the least: two
   * multipliers of four cycles each. The loops over rows and channels are short and left as loops;
   * only what a register holds is written out, since the compiler (C2) puts locals into registers
   * and does nothing of the kind for elements of an array. Nor does it inline without end: a vector
   * that is passed to a method that was not inlined becomes an object, and all is many times as
   * slow. So each such loop is a method by itself, of some 60 operations, and calls none but the
   * Vector API's own, which C2 inlines whatever the size.
   *
   * Lanes. Sixteen channels fill a vector, ten do not: the first layer has columns in its lanes,
   * the second and the third have channels. Between the two nothing has to be transposed, because
   * the second reads single numbers, which it spreads over a vector.
   *
   * Multiplications. The third layer is made with half of them, see ThirdLayer. The first two stay
   * as they are: too few numbers are made from each that would have to be transformed.
   *
   * Beyond the edges. Vectors and blocks are always whole, so a row is computed somewhat beyond its
   * end, from whatever stands there, and what comes of it is not looked at. The one place where it
   * could be seen is the third layer, whose products mix six columns: there the columns beyond the
   * end are made zero, so that an answer never depends on what was computed before.
   *
   * Measured: docs/decisions.md.
   */

  private final FirstLayer first;
  private final SecondLayer second;
  private final ThirdLayer third;
  private final Head head;
  private final ThreadLocal<Rings> rings = ThreadLocal.withInitial(() -> new Rings(0));

  /**
   * Takes the weights of {@code pnet}.
   *
   * @throws dev.facet.models.checkpoint.CheckpointException if they are of another network
   */
  public ProposalKernel(Weights trained) {
    this.first = new FirstLayer(trained);
    this.second = new SecondLayer(trained);
    this.third = new ThirdLayer(trained);
    this.head = new Head(trained);
  }

  /** Whether the JVM was started with the Vector API, on a processor with vectors so wide. */
  public static boolean isSupported() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() && Lanes.areNative();
  }

  /** Makes the rows of a picture when they are wanted, from the first to the last. */
  @FunctionalInterface
  public interface Rows {
    /**
     * Writes row {@code y}, values 0 to 255, as six planes from {@code at} on, each {@link
     * ProposalKernel#plane} long: the even columns of red, its odd columns, and so on.
     */
    void row(int y, float[] out, int at);
  }

  /** Takes what may be a face. */
  @FunctionalInterface
  public interface Proposals {
    /** The cell at this column and row, with its box's displacements. */
    void add(int x, int y, float probability, float left, float top, float right, float bottom);
  }

  /** Length of a plane of half a row of so many pixels. */
  public static int plane(int width) {
    return roundedUp(pooled(width), Lanes.COUNT) + Lanes.COUNT;
  }

  /**
   * Searches a picture.
   *
   * @param width in pixels, at least 12
   * @param height likewise
   * @param minScore least probability of a proposal
   * @throws IllegalStateException if a probability is not a number
   */
  public void run(int width, int height, Rows rows, float minScore, Proposals proposals) {
    Rings own = rings.get();
    if (own.width() < width) {
      own = new Rings(width);
      rings.set(own);
    }
    int plane = plane(width);
    int pooledRows = pooled(height);
    int columns = pooled(width);
    int drawn = 0;
    for (int y = 0; y < pooledRows; y++) {
      for (; drawn < Math.min(2 * y + Rings.PIXEL_ROWS, height); drawn++) {
        rows.row(drawn, own.pixels, own.pixelRow(drawn, plane));
      }
      own.windowsOfPixels(2 * y, height, plane);
      first.row(
          own.pixels,
          own.top,
          own.bottom,
          own.sums,
          own.pooled,
          own.pooledRow(y, plane),
          plane,
          columns,
          (width - 2) / 2);
      if (y >= 2) {
        secondRow(own, y - 2, plane, columns - 2);
      }
      if (y >= 4) {
        thirdRow(own, y - 4, columns - 4, minScore, proposals);
      }
    }
  }

  private void secondRow(Rings own, int y, int plane, int columns) {
    own.windowsOfPooled(y, plane);
    second.row(own.pooled, plane, own.top, own.second, columns);
    int groups = Math.ceilDiv(columns - 2, ThirdLayer.GROUP);
    Arrays.fill(
        own.second,
        columns * SecondLayer.CHANNELS,
        (groups * ThirdLayer.GROUP + 2) * SecondLayer.CHANNELS,
        0);
    ThirdLayer.transform(
        own.second, own.transformed, own.transformedRow(y), own.productPlane(), groups);
  }

  private void thirdRow(Rings own, int y, int cells, float minScore, Proposals proposals) {
    own.windowsOfTransformed(y);
    float least = Head.leastLogit(minScore);
    int block = ThirdLayer.BLOCK * ThirdLayer.GROUP;
    for (int x = 0; x < cells; x += block) {
      third.block(
          own.transformed,
          own.productPlane(),
          own.top,
          x / ThirdLayer.GROUP,
          own.products,
          own.third);
      int count = Math.min(block, cells - x);
      head.logits(own.third, count, own.logits);
      for (int i = 0; i < count; i++) {
        if (!(own.logits[i] < least)) {
          propose(own, x + i, y, i, minScore, proposals);
        }
      }
    }
  }

  private void propose(Rings own, int x, int y, int i, float minScore, Proposals proposals) {
    float probability = Head.probability(own.logits[i]);
    if (Float.isNaN(probability)) {
      throw new IllegalStateException("the model gave a probability that is not a number");
    }
    if (probability >= minScore) {
      proposals.add(
          x,
          y,
          probability,
          head.regression(own.third, i, 0),
          head.regression(own.third, i, 1),
          head.regression(own.third, i, 2),
          head.regression(own.third, i, 3));
    }
  }

  private static int pooled(int pixels) {
    return Math.ceilDiv(pixels - 2, 2);
  }

  static int roundedUp(int count, int multiple) {
    return Math.ceilDiv(count, multiple) * multiple;
  }
}
