package dev.facet.detector.mtcnn;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Resamples by averaging, without rounding: adaptive average pooling, as PyTorch's {@code
 * interpolate(mode="area")} does it. Of n pixels in a row, output i of m is the mean of those from
 * ⌊i·n/m⌋ to ⌈(i+1)·n/m⌉, so neighbours may share pixels, and enlarging repeats them.
 *
 * <p>The sums of columns, added up from left to right, give that of any columns as a difference of
 * two, so no pixel is read once for each output that it is part of. Columns are summed eight bytes
 * at a time: a long holds the sums of four bytes in lanes of 16 bits, which {@value #MOST_ROWS}
 * rows cannot overflow. Sums are whole numbers, so an output is the exact mean, rounded once.
 */
final class AreaResampler {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EVEN_BYTES = 0x00ff_00ff_00ff_00ffL;
  private static final int LANE = 0xffff;
  private static final int MOST_ROWS = 256;

  /** Bytes of eight pixels, which are three longs. */
  private static final int GROUP = 24;

  private final Window window;
  private final int height;
  private final int first;
  private final int[] starts;
  private final int[] ends;
  private final float[] columns;
  private final float[][] halves;
  private final int bytes;
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
    this.bytes = ends[to - from - 1];
    this.running = new int[3 + bytes + GROUP];
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

  /**
   * Makes {@code running[3 * c + k]} the sum of colour k in all columns before c, from these rows.
   * Sums may overflow; differences of two are right as long as they fit.
   */
  private void addUp(int top, int rows) {
    byte[] rgb = window.pixels().rgb();
    int stride = 3 * window.pixels().width();
    int start = (window.y() + top) * stride + 3 * (window.x() + first);
    int last = (rows - 1) * stride;
    // The last group may read pixels beyond the window, but not beyond the picture.
    int grouped = rows <= MOST_ROWS ? Math.min(bytes, rgb.length - start - last - GROUP + 1) : 0;
    int red = 0;
    int green = 0;
    int blue = 0;
    int i = 0;
    for (; i < grouped; i += GROUP) {
      long even0 = 0;
      long odd0 = 0;
      long even1 = 0;
      long odd1 = 0;
      long even2 = 0;
      long odd2 = 0;
      for (int at = start + i; at <= start + i + last; at += stride) {
        long bytes0 = (long) LONGS.get(rgb, at);
        long bytes1 = (long) LONGS.get(rgb, at + 8);
        long bytes2 = (long) LONGS.get(rgb, at + 16);
        even0 += bytes0 & EVEN_BYTES;
        odd0 += (bytes0 >>> 8) & EVEN_BYTES;
        even1 += bytes1 & EVEN_BYTES;
        odd1 += (bytes1 >>> 8) & EVEN_BYTES;
        even2 += bytes2 & EVEN_BYTES;
        odd2 += (bytes2 >>> 8) & EVEN_BYTES;
      }
      running[i + 3] = red += (int) even0 & LANE;
      running[i + 4] = green += (int) odd0 & LANE;
      running[i + 5] = blue += (int) (even0 >>> 16) & LANE;
      running[i + 6] = red += (int) (odd0 >>> 16) & LANE;
      running[i + 7] = green += (int) (even0 >>> 32) & LANE;
      running[i + 8] = blue += (int) (odd0 >>> 32) & LANE;
      running[i + 9] = red += (int) (even0 >>> 48);
      running[i + 10] = green += (int) (odd0 >>> 48);
      running[i + 11] = blue += (int) even1 & LANE;
      running[i + 12] = red += (int) odd1 & LANE;
      running[i + 13] = green += (int) (even1 >>> 16) & LANE;
      running[i + 14] = blue += (int) (odd1 >>> 16) & LANE;
      running[i + 15] = red += (int) (even1 >>> 32) & LANE;
      running[i + 16] = green += (int) (odd1 >>> 32) & LANE;
      running[i + 17] = blue += (int) (even1 >>> 48);
      running[i + 18] = red += (int) (odd1 >>> 48);
      running[i + 19] = green += (int) even2 & LANE;
      running[i + 20] = blue += (int) odd2 & LANE;
      running[i + 21] = red += (int) (even2 >>> 16) & LANE;
      running[i + 22] = green += (int) (odd2 >>> 16) & LANE;
      running[i + 23] = blue += (int) (even2 >>> 32) & LANE;
      running[i + 24] = red += (int) (odd2 >>> 32) & LANE;
      running[i + 25] = green += (int) (even2 >>> 48);
      running[i + 26] = blue += (int) (odd2 >>> 48);
    }
    for (; i < bytes; i++) {
      int sum = 0;
      for (int at = start + i; at <= start + i + last; at += stride) {
        sum += rgb[at] & 0xff;
      }
      running[i + 3] = running[i] + sum;
    }
  }

  private static int start(int i, int from, int to) {
    return (int) ((long) i * from / to);
  }

  private static int end(int i, int from, int to) {
    return (int) Math.ceilDiv((i + 1L) * from, to);
  }
}
