package dev.facet.gateway.gallery.scan;

import static jdk.incubator.vector.VectorOperators.BIT_COUNT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.MIN;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops with the JDK's Vector API; only where its module was added. */
final class SimdKernel implements Kernel {
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  @Override
  public void sums(int[] bits, int[][] planes, int[] sums) {
    Arrays.fill(sums, 0);
    for (int word = 0; word < planes[0].length; word++) {
      IntVector ones = IntVector.broadcast(INTS, planes[0][word]);
      IntVector twos = IntVector.broadcast(INTS, planes[1][word]);
      IntVector fours = IntVector.broadcast(INTS, planes[2][word]);
      IntVector eights = IntVector.broadcast(INTS, planes[3][word]);
      int first = word * Block.FACES;
      for (int face = 0; face < Block.FACES; face += INTS.length()) {
        IntVector set = IntVector.fromArray(INTS, bits, first + face);
        IntVector sum = set.and(eights).lanewise(BIT_COUNT);
        sum = sum.add(sum).add(set.and(fours).lanewise(BIT_COUNT));
        sum = sum.add(sum).add(set.and(twos).lanewise(BIT_COUNT));
        sum = sum.add(sum).add(set.and(ones).lanewise(BIT_COUNT));
        sum.add(IntVector.fromArray(INTS, sums, face)).intoArray(sums, face);
      }
    }
  }

  @Override
  public int sum(long[] bits, int from, long[][] planes) {
    int longs = planes[0].length;
    if (longs % LONGS.length() != 0) {
      return PlainKernel.sumOf(bits, from, planes);
    }
    LongVector sum = LongVector.zero(LONGS);
    for (int i = 0; i < longs; i += LONGS.length()) {
      LongVector set = LongVector.fromArray(LONGS, bits, from + i);
      LongVector part = common(set, planes[3], i);
      part = part.add(part).add(common(set, planes[2], i));
      part = part.add(part).add(common(set, planes[1], i));
      part = part.add(part).add(common(set, planes[0], i));
      sum = sum.add(part);
    }
    return (int) sum.reduceLanes(VectorOperators.ADD);
  }

  private static LongVector common(LongVector set, long[] plane, int from) {
    return set.and(LongVector.fromArray(LONGS, plane, from)).lanewise(BIT_COUNT);
  }

  @Override
  public float bounds(CodedQuery query, Codes codes, int[] sums, float[] bounds) {
    FloatVector least = FloatVector.broadcast(FLOATS, Float.POSITIVE_INFINITY);
    for (int face = 0; face < Block.FACES; face += FLOATS.length()) {
      var sum =
          (FloatVector)
              IntVector.fromArray(INTS, sums, face).convertShape(VectorOperators.I2F, FLOATS, 0);
      FloatVector norm = FloatVector.fromArray(FLOATS, codes.norm(), face);
      FloatVector ones = FloatVector.fromArray(FLOATS, codes.ones(), face);
      FloatVector error = FloatVector.fromArray(FLOATS, codes.coarseError(), face);
      FloatVector product =
          sum.mul(2 * query.step()).add(ones.mul(2 * query.low())).sub(query.total());
      FloatVector spread =
          error.mul(error).mul(query.codeSpread()).add(norm.mul(query.stepSpread())).sqrt();
      FloatVector bound =
          product
              .mul(FloatVector.fromArray(FLOATS, codes.coarseScale(), face))
              .add(spread.mul(query.sigmas()))
              .mul(-2)
              .add(norm)
              .add(query.norm());
      bound.intoArray(bounds, face);
      least = least.min(bound);
    }
    return least.reduceLanes(MIN);
  }

  @Override
  public int within(float[] bounds, float limit, int[] faces) {
    int count = 0;
    for (int first = 0; first < Block.FACES; first += FLOATS.length()) {
      long mask = FloatVector.fromArray(FLOATS, bounds, first).compare(LE, limit).toLong();
      for (; mask != 0; mask &= mask - 1) {
        faces[count++] = first + Long.numberOfTrailingZeros(mask);
      }
    }
    return count;
  }

  @Override
  public float squaredDistance(float[] query, MemorySegment vectors, long at) {
    int width = FLOATS.length();
    if (query.length % (2 * width) != 0) {
      return narrow(query, vectors, at);
    }
    FloatVector sum = FloatVector.zero(FLOATS);
    FloatVector other = FloatVector.zero(FLOATS);
    for (int i = 0; i < query.length; i += 2 * width) {
      FloatVector a = difference(query, vectors, at, i);
      FloatVector b = difference(query, vectors, at, i + width);
      sum = a.fma(a, sum);
      other = b.fma(b, other);
    }
    return sum.add(other).reduceLanes(VectorOperators.ADD);
  }

  private static FloatVector difference(float[] query, MemorySegment vectors, long at, int i) {
    return FloatVector.fromMemorySegment(
            FLOATS, vectors, at + (long) i * Float.BYTES, ByteOrder.LITTLE_ENDIAN)
        .sub(FloatVector.fromArray(FLOATS, query, i));
  }

  private static float narrow(float[] query, MemorySegment vectors, long at) {
    float sum = 0;
    for (int i = 0; i < query.length; i++) {
      float difference = vectors.get(FLOAT, at + (long) i * Float.BYTES) - query[i];
      sum += difference * difference;
    }
    return sum;
  }
}
