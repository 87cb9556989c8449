package dev.facet.gateway.jobs;

import dev.facet.gateway.gallery.Hit;
import dev.facet.gateway.ledger.UnitVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The true neighbours of some vectors, found by comparing them with all others, in one pass.
 *
 * <p>The queries are held by dimension, so that the inner loop runs over queries side by side, and
 * the JIT turns it into vector instructions.
 */
final class Neighbours {
  /** Of the nearest more are kept than are asked for: some may be deleted meanwhile. */
  private static final int NEAREST = 32;

  private static final int WITHIN = 1_000;
  private static final Comparator<Hit> NEAREST_FIRST =
      Comparator.comparingDouble(Hit::squaredDistance);

  private final float[][] queriesByDimension;
  private final float[] distances;
  private final float threshold;
  private final List<PriorityQueue<Hit>> nearest = new ArrayList<>();
  private final List<List<Hit>> within = new ArrayList<>();

  /**
   * Nothing was offered yet.
   *
   * @param queries at least one
   * @param threshold squared distance up to which all faces count, not only the nearest
   */
  Neighbours(List<UnitVector> queries, float threshold) {
    this.threshold = threshold;
    distances = new float[queries.size()];
    queriesByDimension = new float[queries.getFirst().dimension()][queries.size()];
    for (int q = 0; q < queries.size(); q++) {
      for (int d = 0; d < queriesByDimension.length; d++) {
        queriesByDimension[d][q] = queries.get(q).value(d);
      }
      nearest.add(new PriorityQueue<>(NEAREST_FIRST.reversed()));
      within.add(new ArrayList<>());
    }
  }

  void offer(long key, UnitVector vector) {
    Arrays.fill(distances, 0);
    for (int d = 0; d < queriesByDimension.length; d++) {
      add(vector.value(d), queriesByDimension[d], distances);
    }
    for (int q = 0; q < distances.length; q++) {
      float distance = distances[q];
      PriorityQueue<Hit> farthestFirst = nearest.get(q);
      if (farthestFirst.size() < NEAREST || distance < farthestFirst.element().squaredDistance()) {
        farthestFirst.add(new Hit(key, distance));
        if (farthestFirst.size() > NEAREST) {
          farthestFirst.remove();
        }
      }
      if (distance <= threshold && within.get(q).size() < WITHIN) {
        within.get(q).add(new Hit(key, distance));
      }
    }
  }

  private static void add(float value, float[] queries, float[] sums) {
    for (int q = 0; q < sums.length; q++) {
      float difference = value - queries[q];
      sums[q] += difference * difference;
    }
  }

  /** The nearest of a query, nearest first; some more than ten. */
  List<Hit> nearest(int query) {
    return nearest.get(query).stream().sorted(NEAREST_FIRST).toList();
  }

  /** Those within the threshold of a query, but not more than a thousand. */
  List<Hit> within(int query) {
    return within.get(query);
  }
}
