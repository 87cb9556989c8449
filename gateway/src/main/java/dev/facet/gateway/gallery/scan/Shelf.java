package dev.facet.gateway.gallery.scan;

import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.GalleryException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The faces of one collection. One thread writes at a time; any number search meanwhile. */
final class Shelf {
  /*
   * Slots are taken in the order of writing and never given back: a removed face is marked and
   * overwritten with zeros. So a search needs no lock. It works on a View, whose slots do not move;
   * what is published after it does not concern it. When a quarter of the slots are removed faces,
   * the living ones are copied to new blocks; searches under way finish on the old ones, which the
   * garbage collector takes when nobody has them any more.
   *
   * Codes are made when the shelf has some thousand faces, relative to the mean of those it has. The
   * mean makes estimates sharper, not right: bounds hold with any. So it is made anew only when the
   * shelf has doubled, and from CODED_FOR_GOOD faces on no more.
   */
  private static final Logger log = LoggerFactory.getLogger(Shelf.class);
  private static final int CODED_FROM = 4_096;
  private static final int CODED_FOR_GOOD = 65_536;

  /** Errors of shorter codes are not normal deviates, and shorter vectors are quickly compared. */
  private static final int LEAST_CODED_DIMENSION = 96;

  private static final int LEAST_REMOVED = 1_024;

  /** Faces that a shelf's first block has room for at first: most collections are small. */
  private static final int FIRST_FACES = 16;

  private final int dimension;
  private final int stride;
  private final Supplier<Vectors> memory;

  /* Guarded by this shelf. */
  private Vectors vectors;
  private Block[] blocks;
  private int count;
  private int removed;
  private int nextCompaction = LEAST_REMOVED;
  private float @Nullable [] mean;
  private int nextCoding = CODED_FROM;
  private SlotIndex index;

  private volatile View view;

  /**
   * An empty shelf.
   *
   * @param memory gives memory for all vectors, at once and whenever they are copied
   */
  Shelf(int dimension, Supplier<Vectors> memory) {
    this(dimension, memory, memory.get(), new View(new Block[0], 0, null));
  }

  /** A shelf as it was. */
  Shelf(int dimension, Supplier<Vectors> memory, Vectors vectors, View view) {
    this.dimension = dimension;
    this.stride = Block.stride(dimension);
    this.memory = memory;
    this.vectors = vectors;
    this.view = view;
    blocks = view.blocks();
    count = view.count();
    mean = view.mean();
    index = new SlotIndex(view::key, count);
    removed = (int) IntStream.range(0, count).filter(slot -> view.key(slot) < 0).count();
    while (mean != null && nextCoding <= Math.min(count, CODED_FOR_GOOD)) {
      nextCoding *= 2;
    }
  }

  /** As it is now; what is written later is not in it. */
  View view() {
    return view;
  }

  /** A shelf's view and the vectors that belong to it. */
  record State(int dimension, View view, Vectors vectors) {}

  synchronized State state() {
    return new State(dimension, view, vectors);
  }

  /** Gives up what is kept of the shelf; searches under way finish. */
  synchronized void discard() {
    vectors.discard();
  }

  synchronized int size() {
    return count - removed;
  }

  /** Writes the faces whose keys are not there. */
  synchronized void put(List<Entry> entries) {
    for (Entry entry : entries) {
      if (index.find(this::key, count, entry.key()) < 0) {
        append(entry.key(), entry.vector().values());
      }
    }
    if (mustBeCoded()) {
      encode();
    }
    publish();
  }

  private void append(long key, float[] values) {
    Block block = blockFor(count);
    int face = count % Block.FACES;
    MemorySegment.copy(
        values, 0, block.vectors(), Kernel.FLOAT, (long) face * stride * Float.BYTES, dimension);
    block.keys()[face] = key;
    if (block.codes() != null) {
      block.codes().write(face, lessMean(values));
    }
    index.added(this::key, count, key);
    count++;
  }

  /** The block of the next slot, which is made, or made larger, when needed. */
  private Block blockFor(int slot) {
    int number = slot / Block.FACES;
    int face = slot % Block.FACES;
    if (number == blocks.length) {
      int room = number == 0 ? FIRST_FACES : Block.FACES;
      Codes codes = mean == null ? null : Codes.empty(dimension);
      Block[] more = Arrays.copyOf(blocks, number + 1);
      more[number] = new Block(new long[Block.FACES], vectors.block(number, room), codes);
      blocks = more;
    } else if ((long) face * stride * Float.BYTES == blocks[number].vectors().byteSize()) {
      MemorySegment larger = vectors.block(number, Math.min(4 * face, Block.FACES));
      if (larger.address() != blocks[number].vectors().address()) {
        larger.copyFrom(blocks[number].vectors());
      }
      Block[] grown = blocks.clone();
      grown[number] = new Block(blocks[number].keys(), larger, blocks[number].codes());
      blocks = grown;
    }
    return blocks[number];
  }

  /** Removes the faces and overwrites what was kept of them. */
  synchronized void remove(List<Long> keys) {
    for (long key : keys) {
      int slot = index.find(this::key, count, key);
      if (slot >= 0) {
        erase(blocks[slot / Block.FACES], slot % Block.FACES);
        removed++;
      }
    }
    if (removed >= nextCompaction && removed > count / 4) {
      compact();
    }
    publish();
  }

  private void erase(Block block, int face) {
    block.keys()[face] = -block.keys()[face];
    // Whoever reads zeros sees the mark.
    VarHandle.releaseFence();
    long bytes = (long) stride * Float.BYTES;
    block.vectors().asSlice(face * bytes, bytes).fill((byte) 0);
    if (block.codes() != null) {
      block.codes().erase(face);
    }
  }

  /** Where there is no room for the copy, the shelf stays as it is for a while. */
  private void compact() {
    Block[] before = blocks;
    int slots = count;
    int marked = removed;
    SlotIndex places = index;
    Vectors old = vectors;
    vectors = memory.get();
    blocks = new Block[0];
    count = 0;
    removed = 0;
    index = new SlotIndex(this::key, 0);
    try {
      for (int slot = 0; slot < slots; slot++) {
        Block block = before[slot / Block.FACES];
        long key = block.keys()[slot % Block.FACES];
        if (key > 0) {
          append(key, values(block, slot % Block.FACES));
        }
      }
    } catch (GalleryException | OutOfMemoryError e) {
      log.warn("There is no room to copy the living of {} faces", slots, e);
      vectors.discard();
      vectors = old;
      blocks = before;
      count = slots;
      removed = marked;
      index = places;
      nextCompaction = removed + LEAST_REMOVED;
      return;
    }
    nextCompaction = LEAST_REMOVED;
    publish();
    old.discard();
  }

  private boolean mustBeCoded() {
    return dimension >= LEAST_CODED_DIMENSION
        && count >= nextCoding
        && nextCoding <= CODED_FOR_GOOD;
  }

  /** Takes the mean of all faces and makes all codes anew, in new blocks over the same vectors. */
  private void encode() {
    mean = meanOfAll();
    Block[] coded = new Block[blocks.length];
    for (int i = 0; i < blocks.length; i++) {
      Codes codes = Codes.empty(dimension);
      Block block = blocks[i];
      for (int face = 0; face < Block.FACES; face++) {
        if (block.keys()[face] > 0) {
          codes.write(face, lessMean(values(block, face)));
        }
      }
      coded[i] = new Block(block.keys(), block.vectors(), codes);
    }
    blocks = coded;
    while (nextCoding <= count) {
      nextCoding *= 2;
    }
  }

  private float[] meanOfAll() {
    double[] sum = new double[dimension];
    for (int slot = 0; slot < count; slot++) {
      if (key(slot) > 0) {
        float[] values = values(blocks[slot / Block.FACES], slot % Block.FACES);
        for (int i = 0; i < dimension; i++) {
          sum[i] += values[i];
        }
      }
    }
    float[] middle = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      middle[i] = (float) (sum[i] / Math.max(1, count - removed));
    }
    return middle;
  }

  private float[] lessMean(float[] values) {
    float[] middle = Objects.requireNonNull(mean);
    float[] x = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      x[i] = values[i] - middle[i];
    }
    return x;
  }

  private float[] values(Block block, int face) {
    float[] values = new float[dimension];
    MemorySegment.copy(
        block.vectors(), Kernel.FLOAT, (long) face * stride * Float.BYTES, values, 0, dimension);
    return values;
  }

  private long key(int slot) {
    return blocks[slot / Block.FACES].keys()[slot % Block.FACES];
  }

  private void publish() {
    view = new View(blocks, count, mean);
  }

  /** Some faces' slots in a view. */
  @SuppressWarnings("ArrayRecordComponent")
  record Located(View view, int[] slots) {}

  /** Where those of the keys are that are there. */
  synchronized Located locate(LongStream keys) {
    int[] slots =
        keys.mapToInt(key -> index.find(this::key, count, key)).filter(s -> s >= 0).toArray();
    return new Located(new View(blocks, count, mean), slots);
  }

  /** Keys of the living faces after the given one, ascending. */
  synchronized List<Long> keysAfter(long after, int limit) {
    LongStream keys = livingAfter(after);
    return (index.isOrdered() ? keys : keys.sorted()).limit(limit).boxed().toList();
  }

  /** How many living faces have keys after the given one. */
  synchronized long countAfter(long after) {
    return livingAfter(after).count();
  }

  private LongStream livingAfter(long after) {
    return IntStream.range(firstAfter(after), count)
        .mapToLong(this::key)
        .filter(key -> key > after);
  }

  /** A slot that no wanted key lies before. */
  private int firstAfter(long after) {
    int from = 0;
    int to = index.isOrdered() ? count : 0;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (Math.abs(key(middle)) > after) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return from;
  }
}
