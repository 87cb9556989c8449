package dev.facet.bench;

import dev.facet.gateway.ledger.UnitVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The right answers, found by looking at every vector.
 *
 * <p>A first pass computes all distances in float32, by blocks of rows that stay in the processor's
 * cache while every query is compared with them, and keeps what may belong to the answer; a second
 * one computes those distances exactly.
 *
 * @param answers for each query all rows within the distance and the nearest {@link #NEAREST} at
 *     least; ascending in distance
 */
record Truth(List<List<Neighbour>> answers) {

  /** So many are known of every query, however far they are. */
  static final int NEAREST = 10;

  private static final int DIMENSION = FaceFactors.DIMENSION;

  /** Rows of a block: 256 KiB. */
  private static final int BLOCK = 128;

  /** More than the two passes can differ by, in squared distance. */
  private static final float MARGIN = 1e-4f;

  /**
   * A row of the gallery near a query.
   *
   * @param squaredDistance exact
   */
  record Neighbour(int row, double squaredDistance) {}

  static Truth of(
      VectorFile file, BitSet deleted, List<UnitVector> queries, double within, int threads) {
    AtomicInteger next = new AtomicInteger();
    int blocks = Math.ceilDiv(file.rows(), BLOCK);
    List<Pass> passes =
        Workers.map(
            threads,
            _ -> {
              Pass pass = new Pass(queries, (float) within + MARGIN);
              for (int b = next.getAndIncrement(); b < blocks; b = next.getAndIncrement()) {
                pass.look(file, b * BLOCK, deleted);
              }
              return pass;
            });
    return new Truth(
        IntStream.range(0, queries.size())
            .mapToObj(query -> exact(file, queries.get(query), passes, query, within))
            .toList());
  }

  /** How many rows lie within the distance, of all queries together. */
  long within(double maxSquaredDistance) {
    return answers.stream()
        .flatMap(List::stream)
        .filter(found -> found.squaredDistance() <= maxSquaredDistance)
        .count();
  }

  private static List<Neighbour> exact(
      VectorFile file, UnitVector query, List<Pass> passes, int number, double within) {
    List<Neighbour> sorted =
        passes.stream()
            .flatMap(pass -> pass.near.get(number).rows())
            .distinct()
            .map(row -> new Neighbour(row, distance(query, file.row(row))))
            .sorted(Comparator.comparingDouble(Neighbour::squaredDistance))
            .toList();
    int inside = (int) sorted.stream().filter(found -> found.squaredDistance() <= within).count();
    return List.copyOf(sorted.subList(0, Math.min(sorted.size(), Math.max(inside, NEAREST))));
  }

  private static double distance(UnitVector query, float[] row) {
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      double difference = (double) row[i] - query.value(i);
      sum += difference * difference;
    }
    return sum;
  }

  /** One thread's first pass. */
  private static final class Pass {
    private final float[][] queries;
    private final List<Near> near = new ArrayList<>();
    private final float[] block = new float[BLOCK * DIMENSION];
    private final float[] turned = new float[BLOCK * DIMENSION];
    private final float[] sums = new float[BLOCK];

    Pass(List<UnitVector> queries, float within) {
      this.queries = queries.stream().map(UnitVector::values).toArray(float[][]::new);
      queries.forEach(_ -> near.add(new Near(within)));
    }

    void look(VectorFile file, int first, BitSet deleted) {
      int rows = Math.min(BLOCK, file.rows() - first);
      file.read(first, rows, block);
      for (int row = 0; row < rows; row++) {
        for (int i = 0; i < DIMENSION; i++) {
          turned[i * BLOCK + row] = block[row * DIMENSION + i];
        }
      }
      for (int query = 0; query < queries.length; query++) {
        products(queries[query]);
        Near to = near.get(query);
        for (int row = 0; row < rows; row++) {
          float squared = 2 - 2 * sums[row];
          if (squared <= to.bound() && !deleted.get(first + row)) {
            to.add(first + row, squared);
          }
        }
      }
    }

    /** Of the query with every row of the block; a loop over rows, as the JIT makes SIMD of it. */
    private void products(float[] query) {
      Arrays.fill(sums, 0);
      for (int i = 0; i < DIMENSION; i += 4) {
        float a = query[i];
        float b = query[i + 1];
        float c = query[i + 2];
        float d = query[i + 3];
        int at = i * BLOCK;
        for (int row = 0; row < BLOCK; row++) {
          sums[row] +=
              a * turned[at + row]
                  + b * turned[at + BLOCK + row]
                  + c * turned[at + 2 * BLOCK + row]
                  + d * turned[at + 3 * BLOCK + row];
        }
      }
    }
  }

  /** What one thread has found near one query. */
  private static final class Near {
    private record Candidate(int row, float squaredDistance) {}

    private final float within;
    private final List<Integer> inside = new ArrayList<>();
    private final PriorityQueue<Candidate> farthestFirst =
        new PriorityQueue<>(Comparator.comparingDouble(Candidate::squaredDistance).reversed());

    Near(float within) {
      this.within = within;
    }

    float bound() {
      return farthestFirst.size() < 2 * NEAREST
          ? Float.POSITIVE_INFINITY
          : Math.max(within, farthestFirst.element().squaredDistance());
    }

    void add(int row, float squaredDistance) {
      if (squaredDistance <= within) {
        inside.add(row);
      }
      farthestFirst.add(new Candidate(row, squaredDistance));
      if (farthestFirst.size() > 2 * NEAREST) {
        farthestFirst.remove();
      }
    }

    Stream<Integer> rows() {
      return Stream.concat(inside.stream(), farthestFirst.stream().map(Candidate::row));
    }
  }
}
