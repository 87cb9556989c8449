package dev.facet.gateway.gallery.scan;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The inner loops of a scan, over the faces of one block. */
interface Kernel {
  /** How vectors lie in memory and in files. */
  ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** What this machine and this JVM's flags allow. */
  Kernel BEST = best();

  /**
   * For every face of a block the sum of the query's quantised values over the dimensions whose bit
   * is set.
   *
   * @param bits word by word: {@code bits[word * Block.FACES + face]}
   * @param planes of the query's values, 1, 2, 4 and 8; each a bit for every dimension
   * @param sums gets {@link Block#FACES} sums
   */
  void sums(int[] bits, int[][] planes, int[] sums);

  /**
   * The same sum for one face.
   *
   * @param bits the face's: {@code bits[from + i]}, 64 dimensions a long
   */
  int sum(long[] bits, int from, long[][] planes);

  /**
   * For every face of a block a squared distance that it is not nearer than; huge for those that
   * are not there.
   *
   * @param sums of the block
   * @param bounds gets {@link Block#FACES} bounds
   * @return the least of them
   */
  float bounds(CodedQuery query, Codes codes, int[] sums, float[] bounds);

  /**
   * The faces whose bound is not beyond the limit.
   *
   * @param faces gets them
   * @return how many there are
   */
  int within(float[] bounds, float limit, int[] faces);

  /**
   * Squared distance, summed in float32.
   *
   * @param query padded to a multiple of {@link Block#LANES}
   * @param at byte offset of the vector, as long as the query
   */
  float squaredDistance(float[] query, MemorySegment vectors, long at);

  private static Kernel best() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        ? new SimdKernel()
        : new PlainKernel();
  }
}
