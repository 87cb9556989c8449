package dev.facet.detector.mtcnn;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Adds up eight bytes at a time: a long holds the sums of four bytes in lanes of 16 bits.
 *
 * @param bytes in a row
 */
record PlainColumnSums(int bytes) implements ColumnSums {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EVEN_BYTES = 0x00ff_00ff_00ff_00ffL;
  private static final int LANE = 0xffff;

  /** Bytes of eight pixels, which are three longs. */
  private static final int GROUP = 24;

  @Override
  public void addUp(byte[] rgb, int start, int stride, int rows, int[] running) {
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
}
