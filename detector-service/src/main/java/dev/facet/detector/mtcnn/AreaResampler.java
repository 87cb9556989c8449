package dev.facet.detector.mtcnn;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Resamples by averaging, without rounding: adaptive average pooling, as PyTorch's {@code
 * interpolate(mode="area")} does it. Of n pixels in a row, output i of m is the mean of those from
 * ⌊i·n/m⌋ to ⌈(i+1)·n/m⌉, so neighbours may share pixels, and enlarging repeats them.
 *
 * <p>The sums of columns, added up from left to right, give that of any columns as a difference of
 * two, so no pixel is read once for each output that it is part of. Sums are whole numbers, so an
 * output is the exact mean, rounded once.
 */
final class AreaResampler {
  private final Window window;
  private final int height;
  private final int first;
  private final int[] starts;
  private final int[] ends;
  private final float[] columns;
  private final float[][] halves;
  private final ColumnSums sums;
  private final int[] running;
  private final float[] row;

  /**
   * Shows columns {@code [from, to)} of the window in another size.
   *
   * @param width of the window in the other size
   * @param height of the window in the other size
   */
  AreaResampler(Window window, int width, int height, int from, int to) {
    this.window = window;
    this.height = height;
    this.first = start(from, window.width(), width);
    this.starts = new int[to - from];
    this.ends = new int[to - from];
    this.columns = new float[3 * (to - from)];
    for (int i = 0; i < to - from; i++) {
      int start = start(from + i, window.width(), width);
      int end = end(from + i, window.width(), width);
      starts[i] = 3 * (start - first);
      ends[i] = 3 * (end - first);
      Arrays.fill(columns, 3 * i, 3 * i + 3, end - start);
    }
    this.halves = new float[2][];
    for (int odd = 0; odd < 2; odd++) {
      halves[odd] = new float[(to - from + 1 - odd) / 2];
      for (int i = 0; i < halves[odd].length; i++) {
        halves[odd][i] = columns[3 * (2 * i + odd)];
      }
    }
    this.sums = ColumnSums.of(ends[to - from - 1]);
    this.running = new int[3 + ends[to - from - 1] + ColumnSums.MARGIN];
    this.row = new float[3 * (to - from)];
  }

  /** The whole window as a square. */
  static void square(Window window, int side, FloatBuffer out) {
    AreaResampler resampler = new AreaResampler(window, side, side, 0, side);
    for (int y = 0; y < side; y++) {
      resampler.row(y, out);
    }
  }

  /** Appends row {@code y} of the other size. */
  void row(int y, FloatBuffer out) {
    int top = start(y, window.height(), height);
    int bottom = end(y, window.height(), height);
    addUp(top, bottom - top);
    for (int i = 0; i < starts.length; i++) {
      int start = starts[i];
      int end = ends[i];
      row[3 * i] = running[end] - running[start];
      row[3 * i + 1] = running[end + 1] - running[start + 1];
      row[3 * i + 2] = running[end + 2] - running[start + 2];
    }
    float rows = bottom - top;
    for (int i = 0; i < row.length; i++) {
      row[i] /= rows * columns[i];
    }
    out.put(row);
  }

  /**
   * Writes row {@code y} of the other size as six planes: the even columns of red, its odd columns,
   * and so on.
   *
   * @param plane length of a plane
   */
  void row(int y, float[] out, int at, int plane) {
    int top = start(y, window.height(), height);
    int bottom = end(y, window.height(), height);
    addUp(top, bottom - top);
    for (int i = 0; i < starts.length; i++) {
      int start = starts[i];
      int end = ends[i];
      int column = at + (i & 1) * plane + (i >> 1);
      out[column] = running[end] - running[start];
      out[column + 2 * plane] = running[end + 1] - running[start + 1];
      out[column + 4 * plane] = running[end + 2] - running[start + 2];
    }
    float rows = bottom - top;
    for (int p = 0; p < 6; p++) {
      float[] pixels = halves[p & 1];
      for (int i = 0; i < pixels.length; i++) {
        out[at + p * plane + i] /= rows * pixels[i];
      }
    }
  }

  /** Adds up the columns of these rows. */
  private void addUp(int top, int rows) {
    int stride = 3 * window.pixels().width();
    int start = (window.y() + top) * stride + 3 * (window.x() + first);
    sums.addUp(window.pixels().rgb(), start, stride, rows, running);
  }

  private static int start(int i, int from, int to) {
    return (int) ((long) i * from / to);
  }

  private static int end(int i, int from, int to) {
    return (int) Math.ceilDiv((i + 1L) * from, to);
  }
}
