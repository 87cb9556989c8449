package dev.facet.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.gateway.archive.Chips;
import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.jobs.CheckReport.Example;
import dev.facet.gateway.jobs.CheckReport.Finding;
import dev.facet.gateway.jobs.CheckReport.Kind;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectionCheckTest {
  private static final Duration ORPHAN_AGE = Duration.ofHours(1);

  @TempDir private Path directory;
  private Stores stores;

  @BeforeEach
  void open() {
    stores = new Stores(directory);
    IntStream.range(0, 5).forEach(i -> stores.enroll("f" + i));
  }

  @AfterEach
  void close() {
    stores.close();
  }

  private CheckReport check(boolean repair) throws InterruptedException {
    return new CollectionCheck(
            stores.ledger,
            stores.archive,
            stores.gallery,
            stores.follower,
            stores.clock,
            ORPHAN_AGE)
        .check(List.of(stores.people), repair, new Progress());
  }

  /** The kinds of which there is any. */
  private static Map<Kind, Finding> found(CheckReport report) {
    return report.findings().stream()
        .filter(finding -> finding.count() > 0)
        .collect(Collectors.toMap(Finding::kind, finding -> finding));
  }

  private static Finding one(Kind kind, String id, int repaired) {
    return new Finding(kind, 1, repaired, List.of(new Example("people", id)));
  }

  @Test
  void whatIsWholeHasNoFindings() throws InterruptedException {
    stores.ledger.deleteFace(stores.people, "f3");
    stores.awaitFollowed();

    CheckReport report = check(false);

    assertThat(report.collections()).isEqualTo(1);
    assertThat(report.faces()).isEqualTo(4);
    assertThat(report.galleryFaces()).isEqualTo(4);
    assertThat(report.pictures()).isEqualTo(5);
    assertThat(report.searched()).isEqualTo(4);
    assertThat(report.readPictures()).isEqualTo(4);
    assertThat(report.findings()).hasSameSizeAs(Kind.values());
    assertThat(found(report)).isEmpty();
  }

  @Test
  void aFaceThatTheGalleryLostIsFoundAndPutBack() throws InterruptedException {
    long lost = stores.enroll("lost");
    stores.gallery.delete(stores.people, List.of(lost));

    assertThat(found(check(false)))
        .isEqualTo(Map.of(Kind.MISSING_IN_GALLERY, one(Kind.MISSING_IN_GALLERY, "lost", 0)));
    assertThat(found(check(true)))
        .isEqualTo(Map.of(Kind.MISSING_IN_GALLERY, one(Kind.MISSING_IN_GALLERY, "lost", 1)));
    assertThat(found(check(false))).isEmpty();
  }

  @Test
  void aGalleryThatLostEverythingIsFilledAgain() throws InterruptedException {
    stores.gallery.drop(stores.people.number());

    assertThat(found(check(true)).values())
        .singleElement()
        .satisfies(
            missing -> {
              assertThat(missing.kind()).isEqualTo(Kind.MISSING_IN_GALLERY);
              assertThat(missing.count()).isEqualTo(5);
              assertThat(missing.repaired()).isEqualTo(5);
            });
    assertThat(found(check(false))).isEmpty();
  }

  @Test
  void whatTheGalleryHasTooMuchIsFoundAndTakenOut() throws InterruptedException {
    long dead = stores.enroll("dead");
    stores.ledger.deleteFace(stores.people, "dead");
    stores.awaitFollowed();
    stores.gallery.upsert(stores.people, List.of(new Entry(dead, Samples.vector("dead"))));

    String key = Long.toString(dead);
    assertThat(found(check(false)))
        .isEqualTo(Map.of(Kind.EXTRA_IN_GALLERY, one(Kind.EXTRA_IN_GALLERY, key, 0)));
    assertThat(found(check(true)))
        .isEqualTo(Map.of(Kind.EXTRA_IN_GALLERY, one(Kind.EXTRA_IN_GALLERY, key, 1)));
    assertThat(found(check(false))).isEmpty();
  }

  @Test
  void aFaceThatSearchesOverlookIsFound() throws InterruptedException {
    stores.gallery.overlooked.add(stores.enroll("hidden"));

    assertThat(found(check(true)))
        .isEqualTo(Map.of(Kind.NOT_FOUND_BY_SEARCH, one(Kind.NOT_FOUND_BY_SEARCH, "hidden", 0)));
  }

  @Test
  void aPictureThatIsGoneIsFound() throws InterruptedException {
    stores.archive.delete(stores.people.number(), stores.chip("f2"));

    assertThat(found(check(true)))
        .isEqualTo(Map.of(Kind.PICTURE_MISSING, one(Kind.PICTURE_MISSING, "f2", 0)));
  }

  @Test
  void aPictureThatIsDamagedIsFound() throws Exception {
    Path file = file(stores.chip("f2"));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);

    assertThat(found(check(true)))
        .isEqualTo(Map.of(Kind.PICTURE_DAMAGED, one(Kind.PICTURE_DAMAGED, "f2", 0)));
  }

  private Path file(String name) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
    }
  }

  @Test
  void aPictureWithoutAFaceIsFoundWhenItIsOldAndSwept() throws InterruptedException {
    String orphan = stores.archive.put(stores.people.number(), "orphan", Chips.chip("orphan"));
    assertThat(found(check(true))).isEmpty();
    stores.clock.advance(ORPHAN_AGE.plusSeconds(1));

    assertThat(found(check(false)))
        .isEqualTo(Map.of(Kind.PICTURE_WITHOUT_FACE, one(Kind.PICTURE_WITHOUT_FACE, orphan, 0)));
    assertThat(found(check(true)))
        .isEqualTo(Map.of(Kind.PICTURE_WITHOUT_FACE, one(Kind.PICTURE_WITHOUT_FACE, orphan, 1)));
    assertThat(found(check(true))).isEmpty();
  }

  @Test
  void thePicturesOfADeletedFaceAreNoFindingUntilTheyArePurged() throws InterruptedException {
    stores.clock.advance(ORPHAN_AGE.plusSeconds(1));
    stores.ledger.deleteFace(stores.people, "f1");
    assertThat(found(check(false))).isEmpty();
  }

  @Test
  void anotherCollectionIsLeftAlone() throws InterruptedException {
    FaceCollection before = stores.people;
    FaceCollection after = Samples.collection(stores.ledger, "default", "others");
    assertThat(after.number()).isGreaterThan(before.number());
    stores.archive.put(after.number(), "zz", Chips.chip("zz"));
    stores.archive.put(before.number() - 1, "zz", Chips.chip("zz"));
    stores.clock.advance(ORPHAN_AGE.plusSeconds(1));
    CheckReport report = check(true);
    assertThat(report.pictures()).isEqualTo(5);
    assertThat(found(report)).isEmpty();
  }

  @Test
  void enrolmentsAndDeletionsUnderWayAreNoFindings() throws Exception {
    AtomicBoolean going = new AtomicBoolean(true);
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; going.get(); i++) {
                    String chip =
                        stores.archive.put(stores.people.number(), "w" + i, Chips.chip("w" + i));
                    var _ =
                        stores.ledger.enroll(
                            stores.people,
                            Samples.enrollment(
                                "writer",
                                Samples.face(
                                    "w" + i, Samples.vector("w" + i), "{}", Optional.of(chip))));
                    if (i % 3 == 0) {
                      var _ = stores.ledger.deleteFace(stores.people, "w" + i);
                    }
                  }
                });
    try {
      for (int i = 0; i < 20; i++) {
        assertThat(found(check(i % 2 == 1))).isEmpty();
      }
    } finally {
      going.set(false);
      writer.join();
    }
    assertThat(found(check(false))).isEmpty();
  }
}
