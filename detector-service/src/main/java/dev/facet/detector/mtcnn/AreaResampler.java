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
 * <p>Rows are summed first, eight bytes at a time: a long holds the sums of four bytes in lanes of
 * 16 bits, which {@value #MOST_ROWS} rows cannot overflow. Sums are whole numbers, so an output is
 * the exact mean, rounded once.
 */
final class AreaResampler {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EVEN_BYTES = 0x00ff_00ff_00ff_00ffL;
  private static final int MOST_ROWS = 256;

  private final Window window;
  private final int height;
  private final int[] starts;
  private final int[] ends;
  private final int first;
  private final int[] sums;
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
    this.starts = new int[to - from];
    this.ends = new int[to - from];
    for (int i = from; i < to; i++) {
      starts[i - from] = start(i, window.width(), width);
      ends[i - from] = end(i, window.width(), width);
    }
    this.first = starts[0];
    this.sums = new int[3 * (ends[to - from - 1] - first)];
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
    sum(top, bottom);
    for (int i = 0; i < starts.length; i++) {
      int red = 0;
      int green = 0;
      int blue = 0;
      int end = 3 * (ends[i] - first);
      for (int at = 3 * (starts[i] - first); at < end; at += 3) {
        red += sums[at];
        green += sums[at + 1];
        blue += sums[at + 2];
      }
      float pixels = (float) (bottom - top) * (ends[i] - starts[i]);
      row[3 * i] = red / pixels;
      row[3 * i + 1] = green / pixels;
      row[3 * i + 2] = blue / pixels;
    }
    out.put(row);
  }

  /** Sums each column of the window's rows {@code [top, bottom)}. */
  private void sum(int top, int bottom) {
    Arrays.fill(sums, 0);
    for (int from = top; from < bottom; from += MOST_ROWS) {
      add(from, Math.min(bottom, from + MOST_ROWS));
    }
  }

  private void add(int top, int bottom) {
    byte[] rgb = window.pixels().rgb();
    int stride = 3 * window.pixels().width();
    int start = (window.y() + top) * stride + 3 * (window.x() + first);
    int rows = bottom - top;
    int i = 0;
    for (; i + 8 <= sums.length; i += 8) {
      long even = 0;
      long odd = 0;
      for (int r = 0, at = start + i; r < rows; r++, at += stride) {
        long bytes = (long) LONGS.get(rgb, at);
        even += bytes & EVEN_BYTES;
        odd += (bytes >>> 8) & EVEN_BYTES;
      }
      for (int lane = 0; lane < 8; lane += 2) {
        sums[i + lane] += (int) (even >>> (8 * lane)) & 0xffff;
        sums[i + lane + 1] += (int) (odd >>> (8 * lane)) & 0xffff;
      }
    }
    for (; i < sums.length; i++) {
      for (int r = 0, at = start + i; r < rows; r++, at += stride) {
        sums[i] += rgb[at] & 0xff;
      }
    }
  }

  private static int start(int i, int from, int to) {
    return (int) ((long) i * from / to);
  }

  private static int end(int i, int from, int to) {
    return (int) Math.ceilDiv((i + 1L) * from, to);
  }
}
