package dev.facet.gateway.gallery.scan;

import dev.facet.gateway.gallery.Hit;
import dev.facet.gateway.gallery.Query;
import dev.facet.gateway.ledger.FaceKeys;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
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
   * The order. The bound of the search falls as hits are found. So that it is low from the start, the
   * most promising face of each of the most promising blocks is looked at first, some times as many as
   * hits are wanted: as many of them as are wanted give a bound. After that nearly every face is out.
   *
   * Why not keep the best few hundred by estimate, and look at these? Because nobody knows whether
   * they were enough: a search within a distance must find everyone, however many there are.
   */
  private static final Kernel KERNEL = Kernel.BEST;

  /** Squared, between unit vectors. */
  private static final float FARTHEST = 4;

  /** Faces looked at before the others, each of another block, for each that is wanted. */
  private static final int LOOKS = 8;

  /** Searches for more find their bound as they go. */
  private static final int MOST_NARROWED = 64;

  private final View view;
  private final int dimension;
  private final Query query;
  private final float[] wanted;
  private final @Nullable CodedQuery coded;
  private final Optional<FaceKeys> among;

  /** Whether a face was removed after it had kept others out. */
  private volatile boolean losing;

  ShelfScan(View view, Query query) {
    this.view = view;
    this.query = query;
    dimension = query.vector().dimension();
    wanted = Arrays.copyOf(query.vector().values(), Block.stride(dimension));
    boolean complete = query.maxSquaredDistance() < FARTHEST;
    coded = view.mean() == null ? null : new CodedQuery(wanted, view.mean(), complete);
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
      if (nearest.isLacking()) {
        losing = true;
      }
    }
    return nearest.hits(this::exact);
  }

  /**
   * Whether hits were lost to faces that are gone since, and others, a little farther, may be
   * missing in their place. Known once the hits have been taken.
   */
  boolean isLosing() {
    return losing;
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
    Scratch scratch = Scratch.take();
    try {
      compareCodes(fromBlock, toBlock - fromBlock, code, nearest, scratch);
    } finally {
      scratch.giveBack();
    }
  }

  private void compareCodes(
      int fromBlock, int blocks, CodedQuery code, Nearest nearest, Scratch scratch) {
    int[][] sums = scratch.sums(blocks);
    float[] bounds = new float[Block.FACES];
    float[] least = new float[blocks];
    for (int i = 0; i < blocks; i++) {
      Codes codes = view.codes(fromBlock + i);
      KERNEL.sums(codes.high(), code.planes(), sums[i]);
      least[i] = KERNEL.bounds(code, codes, sums[i], bounds);
    }
    narrow(fromBlock, least, code, sums, nearest);
    int[] faces = new int[Block.FACES];
    Candidates candidates = new Candidates();
    for (int i = 0; i < blocks; i++) {
      if (least[i] <= nearest.bound()) {
        KERNEL.bounds(code, view.codes(fromBlock + i), sums[i], bounds);
        int count = KERNEL.within(bounds, nearest.bound(), faces);
        for (int c = 0; c < count; c++) {
          candidates.add((fromBlock + i) * Block.FACES + faces[c], sums[i][faces[c]]);
        }
        if (candidates.areMany()) {
          compare(candidates, code, nearest);
        }
      }
    }
    compare(candidates, code, nearest);
  }

  private void compare(Candidates candidates, CodedQuery code, Nearest nearest) {
    candidates.fetch(view);
    for (int i = 0; i < candidates.count(); i++) {
      int slot = candidates.slot(i);
      Codes codes = view.codes(slot / Block.FACES);
      float bound = code.fineBound(codes, slot % Block.FACES, candidates.sum(i));
      if (bound <= nearest.bound() && slot < view.count() && takesPart(slot)) {
        compare(slot, nearest);
      }
    }
    candidates.clear();
  }

  /**
   * Finds a bound for the search: of the most promising faces of some promising blocks, the
   * farthest of as many as are wanted.
   */
  private void narrow(
      int fromBlock, float[] least, CodedQuery code, int[][] sums, Nearest nearest) {
    int looks = Math.min(query.limit() * LOOKS, least.length);
    if (query.limit() > MOST_NARROWED || looks < query.limit()) {
      return;
    }
    float[] sorted = least.clone();
    Arrays.sort(sorted);
    float[] bounds = new float[Block.FACES];
    float[] distances = new float[looks];
    int looked = 0;
    for (int i = 0; i < least.length && looked < looks; i++) {
      if (least[i] <= sorted[looks - 1]) {
        KERNEL.bounds(code, view.codes(fromBlock + i), sums[i], bounds);
        int slot = (fromBlock + i) * Block.FACES + smallest(bounds);
        if (slot < view.count() && takesPart(slot)) {
          float distance = KERNEL.squaredDistance(wanted, vectors(slot), offset(slot));
          if (isThere(slot)) {
            distances[looked++] = distance;
          }
        }
      }
    }
    if (looked >= query.limit()) {
      Arrays.sort(distances, 0, looked);
      nearest.narrow(distances[query.limit() - 1]);
    }
  }

  private static int smallest(float[] values) {
    int place = 0;
    for (int i = 1; i < values.length; i++) {
      place = values[i] < values[place] ? i : place;
    }
    return place;
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
    if (isThere(slot)) {
      return new Hit(key, (float) sum);
    }
    losing = true;
    return null;
  }

  private MemorySegment vectors(int slot) {
    return view.blocks()[slot / Block.FACES].vectors();
  }

  private long offset(int slot) {
    return (long) (slot % Block.FACES) * wanted.length * Float.BYTES;
  }
}
