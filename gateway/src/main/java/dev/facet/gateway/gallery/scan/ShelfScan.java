package dev.facet.gateway.gallery.scan;

import dev.facet.gateway.gallery.Hit;
import dev.facet.gateway.gallery.Query;
import dev.facet.gateway.ledger.FaceKeys;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One search of one shelf, as it was when the search began. */
final class ShelfScan {
  /*
   * What. The nearest faces by exact distance, without reading every vector. A vector of 512 floats
   * takes 2 kB, and memory gives some 10 GB a second: 100,000 of them cost 20 ms. Their codes are 32
   * times smaller. So a search looks at the codes of all faces, and at the vectors of few.
   *
   * How. From a face's code follows a bound: the face is hardly ever nearer than that (CodedQuery
   * says how hardly). A face whose bound is beyond the farthest hit so far, or beyond the distance
   * asked for, is left out. The upper bit of the codes is read for all faces, block after block; the
   * lower one, which halves the error, only for those that the first could not leave out; the vector
   * for those that neither could. Distances of hits are always computed from the vectors.
   *
   * The order. The bound of the search falls as hits are found, so the blocks that promise most are
   * gone through first, as many as hits are wanted. After them nearly every face is out.
   *
   * Why not keep the best few hundred by estimate, and look at these? Because nobody knows whether
   * they were enough: a search within a distance must find everyone, however many there are.
   */
  private static final Kernel KERNEL = Kernel.BEST;

  /** Promising blocks gone through before the others. */
  private static final int FIRST_BLOCKS = 64;

  private final View view;
  private final int dimension;
  private final Query query;
  private final float[] wanted;
  private final @Nullable CodedQuery coded;
  private final Optional<FaceKeys> among;

  ShelfScan(View view, Query query) {
    this.view = view;
    this.query = query;
    dimension = query.vector().dimension();
    wanted = Arrays.copyOf(query.vector().values(), Block.stride(dimension));
    coded = view.mean() == null ? null : new CodedQuery(wanted, view.mean());
    among = query.among();
  }

  /** The hits among the blocks, in no order; at most as many as the query's limit. */
  Stream<Hit> nearest(int fromBlock, int toBlock) {
    Nearest nearest = new Nearest(query.limit(), query.maxSquaredDistance());
    if (coded == null || query.limit() > (toBlock - fromBlock) * (Block.FACES / 8)) {
      for (int block = fromBlock; block < toBlock; block++) {
        compareAll(block, nearest);
      }
    } else {
      compareCodes(fromBlock, toBlock, coded, nearest);
    }
    return nearest.hits(this::exact);
  }

  /** The hits among some slots. */
  List<Hit> nearest(IntStream slots) {
    Nearest nearest = new Nearest(query.limit(), query.maxSquaredDistance());
    slots.forEach(slot -> compare(slot, nearest));
    return Nearest.first(nearest.hits(this::exact), query.limit());
  }

  private void compareAll(int block, Nearest nearest) {
    int first = block * Block.FACES;
    int end = Math.min(first + Block.FACES, view.count());
    for (int slot = first; slot < end; slot++) {
      if (takesPart(slot)) {
        compare(slot, nearest);
      }
    }
  }

  private void compare(int slot, Nearest nearest) {
    float distance = KERNEL.squaredDistance(wanted, vectors(slot), offset(slot));
    if (distance <= nearest.bound() && isThere(slot)) {
      nearest.offer(slot, distance);
    }
  }

  private void compareCodes(int fromBlock, int toBlock, CodedQuery code, Nearest nearest) {
    int blocks = toBlock - fromBlock;
    int[][] sums = new int[blocks][Block.FACES];
    float[] bounds = new float[Block.FACES];
    float[] least = new float[blocks];
    for (int i = 0; i < blocks; i++) {
      Codes codes = view.codes(fromBlock + i);
      KERNEL.sums(codes.high(), code.planes(), sums[i]);
      least[i] = KERNEL.bounds(code, codes, sums[i], bounds);
    }
    boolean[] done = new boolean[blocks];
    for (int i : promising(least)) {
      compare(fromBlock + i, code, sums[i], bounds, nearest);
      done[i] = true;
    }
    for (int i = 0; i < blocks; i++) {
      if (!done[i] && least[i] <= nearest.bound()) {
        compare(fromBlock + i, code, sums[i], bounds, nearest);
      }
    }
  }

  /** Places of the smallest values, the smallest first. */
  private int[] promising(float[] least) {
    int many = Math.min(Math.min(query.limit(), FIRST_BLOCKS), least.length);
    float[] sorted = least.clone();
    Arrays.sort(sorted);
    float limit = sorted[many - 1];
    return IntStream.range(0, least.length)
        .filter(i -> least[i] <= limit)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> least[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private void compare(int block, CodedQuery code, int[] sums, float[] bounds, Nearest nearest) {
    Codes codes = view.codes(block);
    KERNEL.bounds(code, codes, sums, bounds);
    int first = block * Block.FACES;
    int faces = Math.min(Block.FACES, view.count() - first);
    for (int face = 0; face < faces; face++) {
      if (bounds[face] <= nearest.bound()
          && code.fineBound(codes, face, sums[face]) <= nearest.bound()
          && takesPart(first + face)) {
        compare(first + face, nearest);
      }
    }
  }

  private boolean takesPart(int slot) {
    return among.isEmpty() || among.get().contains(view.key(slot));
  }

  /** A removed face is marked before its vector is overwritten, so ask after reading it. */
  private boolean isThere(int slot) {
    VarHandle.acquireFence();
    return view.key(slot) > 0;
  }

  private @Nullable Hit exact(int slot) {
    MemorySegment vectors = vectors(slot);
    long at = offset(slot);
    double sum = 0;
    for (int i = 0; i < dimension; i++) {
      double difference =
          (double) vectors.get(Kernel.FLOAT, at + (long) i * Float.BYTES) - wanted[i];
      sum += difference * difference;
    }
    long key = view.key(slot);
    return isThere(slot) ? new Hit(key, (float) sum) : null;
  }

  private MemorySegment vectors(int slot) {
    return view.blocks()[slot / Block.FACES].vectors();
  }

  private long offset(int slot) {
    return (long) (slot % Block.FACES) * wanted.length * Float.BYTES;
  }
}
