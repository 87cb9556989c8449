package dev.facet.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.facet.gateway.gallery.Hit;
import dev.facet.gateway.ledger.NewFace;
import dev.facet.gateway.ledger.Samples;
import dev.facet.gateway.ledger.UnitVector;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecallMeasureTest {
  private static final int FACES = 1_500;

  private final Random random = new Random(7);
  private Stores stores;
  private RecallMeasure recall;

  @BeforeEach
  void open(@TempDir Path directory) {
    stores = new Stores(directory);
    recall = new RecallMeasure(stores.ledger, stores.gallery, stores.follower);
    enroll(FACES);
  }

  private void enroll(int faces) {
    var _ =
        stores.ledger.enroll(
            stores.people,
            Samples.enrollment(
                "crowd",
                IntStream.range(0, faces)
                    .mapToObj(
                        i ->
                            Samples.face(
                                "f" + i,
                                Samples.vector(random, Samples.DIMENSION),
                                "{}",
                                Optional.empty()))
                    .toArray(NewFace[]::new)));
    stores.awaitFollowed();
  }

  @AfterEach
  void close() {
    stores.close();
  }

  @Test
  void anExactGalleryFindsAllThereIs() throws InterruptedException {
    RecallReport report = recall.measure(stores.people, 100, 0, new Progress());

    assertThat(report.faces()).isEqualTo(FACES);
    assertThat(report.searched()).isEqualTo(100);
    assertThat(report.neighbours()).isPositive();
    assertThat(report.threshold()).isEqualTo(1);
    assertThat(report.first()).isEqualTo(1);
    assertThat(report.ten()).isEqualTo(1);
  }

  @Test
  void withNoiseTheFaceItselfIsAnAnswer() throws InterruptedException {
    RecallReport report = recall.measure(stores.people, 100, 0.1f, new Progress());

    assertThat(report.neighbours()).isGreaterThanOrEqualTo(100);
    assertThat(report.first()).isEqualTo(1);
  }

  @Test
  void whatSearchesOverlookIsCounted() throws InterruptedException {
    stores.gallery.keys(stores.people, 0, FACES).stream()
        .filter(key -> key % 10 == 0)
        .forEach(stores.gallery.overlooked::add);

    RecallReport report = recall.measure(stores.people, FACES, 0, new Progress());

    assertThat(report.threshold()).isCloseTo(0.9, within(0.02));
    assertThat(report.first()).isCloseTo(0.9, within(0.05));
    assertThat(report.ten()).isCloseTo(0.9, within(0.02));
  }

  @Test
  void anEmptyCollectionMissesNothing() throws InterruptedException {
    var empty = Samples.collection(stores.ledger, "default", "empty");
    assertThat(recall.measure(empty, 100, 0, new Progress()))
        .isEqualTo(new RecallReport(0, 0, 0, 1, 1, 1));
  }

  @Test
  void neighboursAreThoseOfAComparisonOneByOne() {
    List<UnitVector> faces =
        IntStream.range(0, 300).mapToObj(_ -> Samples.vector(random, 512)).toList();
    List<UnitVector> queries = faces.subList(0, 7);
    Neighbours neighbours = new Neighbours(queries, 1.9f);
    IntStream.range(0, faces.size()).forEach(i -> neighbours.offer(i, faces.get(i)));

    for (int q = 0; q < queries.size(); q++) {
      UnitVector query = queries.get(q);
      List<Long> exact =
          IntStream.range(0, faces.size())
              .boxed()
              .sorted(Comparator.comparingDouble(i -> query.squaredDistance(faces.get(i))))
              .map(Integer::longValue)
              .toList();
      assertThat(neighbours.nearest(q).stream().map(Hit::key).limit(10))
          .isEqualTo(exact.subList(0, 10));
      assertThat(neighbours.within(q).stream().map(Hit::key))
          .containsExactlyInAnyOrderElementsOf(
              exact.stream()
                  .filter(i -> query.squaredDistance(faces.get(i.intValue())) <= 1.9)
                  .toList());
    }
  }
}
