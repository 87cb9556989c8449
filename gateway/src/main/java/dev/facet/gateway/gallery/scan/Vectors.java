package dev.facet.gateway.gallery.scan;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory outside the heap for the vectors of one shelf, block by block. */
interface Vectors {
  /**
   * Memory for a block's first vectors, zero where nothing was written. It may be that which was
   * given for fewer of them before, or other memory.
   *
   * @param faces that it has room for
   */
  MemorySegment block(int block, int faces);

  /** Makes what was written durable, if it is kept at all. */
  void force();

  /** Removes what is kept. Memory in use stays until the last search has ended. */
  void discard();

  /** In memory only; freed by the garbage collector. */
  static Vectors inMemory(int dimension) {
    return new Vectors() {
      @Override
      public MemorySegment block(int block, int faces) {
        return Arena.ofAuto().allocate((long) faces * Block.stride(dimension) * Float.BYTES, 64);
      }

      @Override
      public void force() {}

      @Override
      public void discard() {}
    };
  }
}
