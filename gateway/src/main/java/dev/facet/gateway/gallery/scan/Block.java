package dev.facet.gateway.gallery.scan;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Faces next to each other.
 *
 * @param keys of the faces; negative once the face was removed, 0 where there is none yet
 * @param vectors one after the other, each padded with zeros to a multiple of {@link #LANES}
 * @param codes none while the shelf is so small that vectors are compared one by one
 */
@SuppressWarnings("ArrayRecordComponent") // written in place
record Block(long[] keys, MemorySegment vectors, @Nullable Codes codes) {
  static final int FACES = 256;

  /** Floats that a vector is padded to a multiple of; no SIMD register is wider. */
  static final int LANES = 16;

  /** Floats from one vector to the next. */
  static int stride(int dimension) {
    return Math.ceilDiv(dimension, LANES) * LANES;
  }
}
