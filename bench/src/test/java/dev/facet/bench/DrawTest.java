package dev.facet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.gateway.ledger.UnitVector;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrawTest {
  private static final FaceVectors FACES = new FaceVectors(FaceFactors.builtIn(), 5);
  private static final int ROWS = 3000;

  private static List<UnitVector> rows(VectorFile file) {
    return IntStream.range(0, file.rows()).mapToObj(row -> UnitVector.of(file.row(row))).toList();
  }

  @Test
  void peopleHaveThreePhotosOnAverageAndTheShareAskedForIsDeleted() {
    Draw draw = Draw.of(FACES, ROWS, 40, 0.01, 5);

    assertThat(draw.people()).isBetween(ROWS / 4, ROWS / 2);
    assertThat(draw.deleted().cardinality()).isEqualTo(30);
  }

  @Test
  void theNumberOfThreadsChangesNothing(@TempDir Path folder) {
    Draw draw = Draw.of(FACES, ROWS, 40, 0.01, 5);
    try (VectorFile one = VectorFile.open(folder.resolve("one"), ROWS);
        VectorFile three = VectorFile.open(folder.resolve("three"), ROWS)) {
      draw.write(one, 1);
      draw.write(three, 3);

      assertThat(rows(three)).isEqualTo(rows(one)).doesNotHaveDuplicates();
    }
  }

  @Test
  void queriesAreOfEnrolledPeopleButNotInTheGallery(@TempDir Path folder) {
    Draw draw = Draw.of(FACES, ROWS, 40, 0, 5);
    try (VectorFile file = VectorFile.open(folder.resolve("vectors"), ROWS)) {
      draw.write(file, 2);
      List<UnitVector> queries = draw.queries();
      Truth truth = Truth.of(file, draw.deleted(), queries, 1.25, 2);

      assertThat(queries)
          .hasSize(40)
          .doesNotHaveDuplicates()
          .doesNotContainAnyElementsOf(rows(file));
      assertThat(truth.answers())
          .filteredOn(answer -> answer.getFirst().squaredDistance() < 1.25)
          .hasSizeGreaterThan(36);
    }
  }
}
