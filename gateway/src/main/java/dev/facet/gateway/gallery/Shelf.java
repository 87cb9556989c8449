package dev.facet.gateway.gallery;

import dev.facet.gateway.ledger.UnitVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The vectors of one collection, one after the other in blocks of float32, and the plain scan over
 * them. Not thread-safe.
 *
 * <p>Slots are dense: a removed face's slot is taken by the last one, and what the last one leaves
 * is overwritten with zeros.
 */
final class Shelf {
  /** Vectors in a block; a collection of one face has one block. */
  private static final int BLOCK = 64;

  /** Partial sums of a distance; vectors are padded to a multiple with zeros. */
  private static final int LANES = 8;

  private final int stride;
  private final List<float[]> blocks = new ArrayList<>();
  private final List<Long> keys = new ArrayList<>();
  private final Map<Long, Integer> slots = new HashMap<>();

  Shelf(int dimension) {
    stride = Math.ceilDiv(dimension, LANES) * LANES;
  }

  int size() {
    return keys.size();
  }

  void put(long key, UnitVector vector) {
    Integer known = slots.get(key);
    int slot = known == null ? keys.size() : known;
    if (known == null) {
      if (slot == blocks.size() * BLOCK) {
        blocks.add(new float[BLOCK * stride]); // first: it may fail, and must leave nothing behind
      }
      keys.add(key);
      slots.put(key, slot);
    }
    System.arraycopy(vector.values(), 0, block(slot), offset(slot), vector.dimension());
  }

  void remove(long key) {
    Integer slot = slots.remove(key);
    if (slot == null) {
      return;
    }
    int last = keys.size() - 1;
    long moved = keys.removeLast();
    if (slot != last) {
      System.arraycopy(block(last), offset(last), block(slot), offset(slot), stride);
      keys.set(slot, moved);
      slots.put(moved, slot);
    }
    Arrays.fill(block(last), offset(last), offset(last) + stride, 0);
    if (last == (blocks.size() - 1) * BLOCK) {
      blocks.removeLast();
    }
  }

  /** Ascending. */
  List<Long> keysAfter(long after, int limit) {
    return keys.stream().filter(key -> key > after).sorted().limit(limit).toList();
  }

  List<Hit> nearest(Query query) {
    float[] wanted = Arrays.copyOf(query.vector().values(), stride);
    Nearest nearest = new Nearest(query.limit(), query.maxSquaredDistance());
    for (int slot = 0; slot < keys.size(); slot++) {
      float distance = squaredDistance(wanted, block(slot), offset(slot));
      if (distance <= nearest.bound() && takesPart(query, slot)) {
        nearest.offer(slot, distance);
      }
    }
    return nearest.hits(slot -> new Hit(keys.get(slot), exactSquaredDistance(wanted, slot)));
  }

  private boolean takesPart(Query query, int slot) {
    return query.among().isEmpty() || query.among().get().contains(keys.get(slot));
  }

  private float[] block(int slot) {
    return blocks.get(slot / BLOCK);
  }

  private int offset(int slot) {
    return slot % BLOCK * stride;
  }

  /** Eight sums that do not wait for each other: the JIT makes SIMD of them. */
  private static float squaredDistance(float[] wanted, float[] block, int offset) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    float sum4 = 0;
    float sum5 = 0;
    float sum6 = 0;
    float sum7 = 0;
    for (int i = 0; i < wanted.length; i += LANES) {
      float d0 = block[offset + i] - wanted[i];
      float d1 = block[offset + i + 1] - wanted[i + 1];
      float d2 = block[offset + i + 2] - wanted[i + 2];
      float d3 = block[offset + i + 3] - wanted[i + 3];
      float d4 = block[offset + i + 4] - wanted[i + 4];
      float d5 = block[offset + i + 5] - wanted[i + 5];
      float d6 = block[offset + i + 6] - wanted[i + 6];
      float d7 = block[offset + i + 7] - wanted[i + 7];
      sum0 += d0 * d0;
      sum1 += d1 * d1;
      sum2 += d2 * d2;
      sum3 += d3 * d3;
      sum4 += d4 * d4;
      sum5 += d5 * d5;
      sum6 += d6 * d6;
      sum7 += d7 * d7;
    }
    return sum0 + sum1 + sum2 + sum3 + (sum4 + sum5 + sum6 + sum7);
  }

  private float exactSquaredDistance(float[] wanted, int slot) {
    float[] block = block(slot);
    int offset = offset(slot);
    double sum = 0;
    for (int i = 0; i < wanted.length; i++) {
      double difference = (double) block[offset + i] - wanted[i];
      sum += difference * difference;
    }
    return (float) sum;
  }
}
