package dev.facet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.bench.Truth.Neighbour;
import dev.facet.gateway.ledger.UnitVector;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TruthTest {
  /** Not a multiple of a block. */
  private static final int ROWS = 1000;

  private static final double WITHIN = 1.25;

  @Test
  void theTwoPassesFindWhatSortingAllDistancesFinds(@TempDir Path folder) {
    Draw draw = Draw.of(new FaceVectors(FaceFactors.builtIn(), 3), ROWS, 30, 0.2, 3);
    try (VectorFile file = VectorFile.open(folder.resolve("vectors"), ROWS)) {
      draw.write(file, 2);
      List<UnitVector> queries = draw.queries();

      Truth truth = Truth.of(file, draw.deleted(), queries, WITHIN, 2);

      for (int query = 0; query < queries.size(); query++) {
        UnitVector wanted = queries.get(query);
        List<Neighbour> all =
            IntStream.range(0, ROWS)
                .filter(row -> !draw.deleted().get(row))
                .mapToObj(
                    row -> new Neighbour(row, wanted.squaredDistance(UnitVector.of(file.row(row)))))
                .sorted(Comparator.comparingDouble(Neighbour::squaredDistance))
                .toList();
        long near = all.stream().filter(row -> row.squaredDistance() <= WITHIN).count();
        assertThat(truth.answers().get(query))
            .isEqualTo(all.subList(0, (int) Math.max(near, Truth.NEAREST)));
      }
    }
  }
}
