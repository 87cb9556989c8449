package dev.facet.gateway.gallery;

import dev.facet.gateway.ledger.UnitVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The vectors of one collection in blocks of float32, and the plain scan over them. Not
 * thread-safe.
 *
 * <p>A block holds its vectors side by side, one row for each dimension: the distances of a whole
 * block grow together, one dimension after the other, in loops without a reduction, which the JIT
 * turns into SIMD. Slots are dense; a removed face's slot is taken by the last one, and its values
 * are overwritten.
 */
final class Shelf {
  /** Vectors in a block: long enough for SIMD, small enough for a collection of one face. */
  private static final int LANES = 128;

  /** Dimensions added up per pass; vectors are padded to a multiple with zeros. */
  private static final int PASS = 4;

  private final int rows;
  private final List<float[]> blocks = new ArrayList<>();
  private final List<String> ids = new ArrayList<>();
  private final Map<String, Integer> slots = new HashMap<>();

  Shelf(int dimension) {
    rows = Math.ceilDiv(dimension, PASS) * PASS;
  }

  int size() {
    return ids.size();
  }

  void put(String faceId, UnitVector vector) {
    Integer known = slots.putIfAbsent(faceId, ids.size());
    int slot = known == null ? ids.size() : known;
    if (known == null) {
      ids.add(faceId);
      if (blocks.size() * LANES < ids.size()) {
        blocks.add(new float[rows * LANES]);
      }
    }
    float[] block = blocks.get(slot / LANES);
    for (int i = 0; i < vector.dimension(); i++) {
      block[i * LANES + slot % LANES] = vector.value(i);
    }
  }

  void remove(String faceId) {
    Integer hole = slots.remove(faceId);
    if (hole == null) {
      return;
    }
    int last = ids.size() - 1;
    float[] from = blocks.get(last / LANES);
    float[] into = blocks.get(hole / LANES);
    for (int row = 0; row < rows; row++) {
      into[row * LANES + hole % LANES] = from[row * LANES + last % LANES];
      from[row * LANES + last % LANES] = 0;
    }
    String moved = ids.removeLast();
    if (last != hole) {
      ids.set(hole, moved);
      slots.put(moved, hole);
    }
    if (ids.size() <= (blocks.size() - 1) * LANES) {
      blocks.removeLast();
    }
  }

  List<Hit> nearest(Query query) {
    float[] wanted = Arrays.copyOf(query.vector().values(), rows);
    Nearest nearest = new Nearest(query.limit(), query.maxSquaredDistance());
    float[] distances = new float[LANES];
    for (int start = 0; start < ids.size(); start += LANES) {
      squaredDistances(wanted, blocks.get(start / LANES), distances);
      int used = Math.min(LANES, ids.size() - start);
      for (int lane = 0; lane < used; lane++) {
        if (distances[lane] <= nearest.bound() && takesPart(query, start + lane)) {
          nearest.offer(start + lane, distances[lane]);
        }
      }
    }
    return nearest.hits(slot -> new Hit(ids.get(slot), exactDistance(wanted, slot)));
  }

  private boolean takesPart(Query query, int slot) {
    return query.among().isEmpty() || query.among().get().contains(ids.get(slot));
  }

  private void squaredDistances(float[] wanted, float[] block, float[] sums) {
    Arrays.fill(sums, 0);
    for (int row = 0; row < rows; row += PASS) {
      addRows(
          sums, block, row * LANES, wanted[row], wanted[row + 1], wanted[row + 2], wanted[row + 3]);
    }
  }

  private static void addRows(
      float[] sums, float[] block, int start, float w0, float w1, float w2, float w3) {
    for (int lane = 0; lane < LANES; lane++) {
      float d0 = block[start + lane] - w0;
      float d1 = block[start + LANES + lane] - w1;
      float d2 = block[start + 2 * LANES + lane] - w2;
      float d3 = block[start + 3 * LANES + lane] - w3;
      sums[lane] += d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3;
    }
  }

  private float exactDistance(float[] wanted, int slot) {
    float[] block = blocks.get(slot / LANES);
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      double difference = (double) block[row * LANES + slot % LANES] - wanted[row];
      sum += difference * difference;
    }
    return (float) sum;
  }
}
