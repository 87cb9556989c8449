package dev.facet.gateway.gallery.scan;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A shelf at one moment. Its writer goes on in the same blocks: beyond the count, and by marking
 * faces as removed.
 *
 * @param count slots taken, the removed ones too
 * @param mean that codes are relative to; none while there are no codes
 */
@SuppressWarnings("ArrayRecordComponent")
record View(Block[] blocks, int count, float @Nullable [] mean) {
  /** Negative when the face was removed. */
  long key(int slot) {
    return blocks[slot / Block.FACES].keys()[slot % Block.FACES];
  }

  Codes codes(int block) {
    return Objects.requireNonNull(blocks[block].codes());
  }

  int usedBlocks() {
    return Math.ceilDiv(count, Block.FACES);
  }
}
