package dev.facet.detector.mtcnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ColumnSumsTest {

  /** Rows of any length, up to the picture's last byte, and more of them than sixteen bits bear. */
  @Test
  void bothFormsAddUpTheSame() {
    assumeTrue(ColumnSums.SIMD, "no Vector API here");
    Random random = new Random(5);
    for (int round = 0; round < 200; round++) {
      int bytes = 3 * (1 + random.nextInt(90));
      int rows = 1 + random.nextInt(round % 10 == 0 ? 400 : 12);
      int stride = bytes + 3 * random.nextInt(40);
      byte[] rgb = new byte[(rows - 1) * stride + bytes + 3 * random.nextInt(2)];
      random.nextBytes(rgb);
      if (round % 3 == 0) {
        Arrays.fill(rgb, (byte) 255);
      }
      int start = rgb.length - (rows - 1) * stride - bytes;

      assertThat(sums(new SimdColumnSums(bytes), rgb, start, stride, rows, bytes))
          .as("%d rows of %d bytes", rows, bytes)
          .containsExactly(sums(new PlainColumnSums(bytes), rgb, start, stride, rows, bytes));
    }
  }

  private static int[] sums(
      ColumnSums sums, byte[] rgb, int start, int stride, int rows, int bytes) {
    int[] running = new int[3 + bytes + ColumnSums.MARGIN];
    for (int again = 0; again < 2; again++) {
      sums.addUp(rgb, start, stride, rows, running);
    }
    return Arrays.copyOf(running, 3 + bytes);
  }
}
