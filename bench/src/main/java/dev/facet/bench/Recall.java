package dev.facet.bench;

import dev.facet.bench.Truth.Neighbour;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How much of the truth the answers have.
 *
 * @param within share of the rows within the distance; where there are more of them than the answer
 *     may have hits, of the nearest so many
 * @param at1 share of the queries whose first hit is the nearest row
 * @param at10 share of the ten nearest rows
 */
record Recall(double within, double at1, double at10) {

  /**
   * Compares.
   *
   * @param answers rows, for each query in the order of the truth
   * @param limit hits that an answer may have
   */
  static Recall of(List<int[]> answers, Truth truth, double maxSquaredDistance, int limit) {
    long inside = 0;
    long insideFound = 0;
    long firstFound = 0;
    long nearest = 0;
    long nearestFound = 0;
    for (int query = 0; query < answers.size(); query++) {
      List<Neighbour> right = truth.answers().get(query);
      int[] answer = answers.get(query);
      List<Neighbour> near =
          right.stream()
              .filter(row -> row.squaredDistance() <= maxSquaredDistance)
              .limit(limit)
              .toList();
      List<Neighbour> ten = right.subList(0, Math.min(Truth.NEAREST, right.size()));
      inside += near.size();
      insideFound += found(near, answer);
      nearest += ten.size();
      nearestFound += found(ten, answer);
      firstFound += answer.length > 0 && answer[0] == right.getFirst().row() ? 1 : 0;
    }
    return new Recall(
        share(insideFound, inside),
        share(firstFound, answers.size()),
        share(nearestFound, nearest));
  }

  private static long found(List<Neighbour> rows, int[] answer) {
    Set<Integer> hits = IntStream.of(answer).boxed().collect(Collectors.toSet());
    return rows.stream().filter(row -> hits.contains(row.row())).count();
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 1 : (double) part / whole;
  }
}
