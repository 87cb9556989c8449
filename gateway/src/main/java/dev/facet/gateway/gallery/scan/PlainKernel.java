package dev.facet.gateway.gallery.scan;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Loops that need no module and no flag. The JIT makes SIMD of most of them; the sums take about
 * six times as long as {@link SimdKernel}'s where the processor counts bits in vectors.
 */
final class PlainKernel implements Kernel {

  @Override
  public void sums(int[] bits, int[][] planes, int[] sums) {
    Arrays.fill(sums, 0);
    for (int word = 0; word < planes[0].length; word++) {
      int ones = planes[0][word];
      int twos = planes[1][word];
      int fours = planes[2][word];
      int eights = planes[3][word];
      int first = word * Block.FACES;
      for (int face = 0; face < Block.FACES; face++) {
        int set = bits[first + face];
        sums[face] +=
            Integer.bitCount(set & ones)
                + (Integer.bitCount(set & twos) << 1)
                + (Integer.bitCount(set & fours) << 2)
                + (Integer.bitCount(set & eights) << 3);
      }
    }
  }

  @Override
  public int sum(long[] bits, int from, long[][] planes) {
    return sumOf(bits, from, planes);
  }

  static int sumOf(long[] bits, int from, long[][] planes) {
    int sum = 0;
    for (int i = 0; i < planes[0].length; i++) {
      long set = bits[from + i];
      sum +=
          Long.bitCount(set & planes[0][i])
              + (Long.bitCount(set & planes[1][i]) << 1)
              + (Long.bitCount(set & planes[2][i]) << 2)
              + (Long.bitCount(set & planes[3][i]) << 3);
    }
    return sum;
  }

  @Override
  public float bounds(CodedQuery query, Codes codes, int[] sums, float[] bounds) {
    float least = Float.POSITIVE_INFINITY;
    for (int face = 0; face < Block.FACES; face++) {
      float bound = query.coarseBound(codes, face, sums[face]);
      bounds[face] = bound;
      least = Math.min(least, bound);
    }
    return least;
  }

  @Override
  public int within(float[] bounds, float limit, int[] faces) {
    int count = 0;
    for (int face = 0; face < Block.FACES; face++) {
      if (bounds[face] <= limit) {
        faces[count++] = face;
      }
    }
    return count;
  }

  @Override
  public float squaredDistance(float[] query, MemorySegment vectors, long at) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    for (int i = 0; i < query.length; i += 4) {
      long place = at + (long) i * Float.BYTES;
      float d0 = vectors.get(FLOAT, place) - query[i];
      float d1 = vectors.get(FLOAT, place + 4) - query[i + 1];
      float d2 = vectors.get(FLOAT, place + 8) - query[i + 2];
      float d3 = vectors.get(FLOAT, place + 12) - query[i + 3];
      sum0 += d0 * d0;
      sum1 += d1 * d1;
      sum2 += d2 * d2;
      sum3 += d3 * d3;
    }
    return sum0 + sum1 + (sum2 + sum3);
  }
}
