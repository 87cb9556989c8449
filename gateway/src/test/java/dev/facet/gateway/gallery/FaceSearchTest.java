package dev.facet.gateway.gallery;

import static dev.facet.gateway.ledger.Samples.MODEL;
import static dev.facet.gateway.ledger.Samples.OTHER_MODEL;
import static dev.facet.gateway.ledger.Samples.enrollment;
import static dev.facet.gateway.ledger.Samples.face;
import static dev.facet.gateway.ledger.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.gateway.gallery.scan.ScanGallery;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.FaceFilter;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.LedgerRefusal;
import dev.facet.gateway.ledger.Samples;
import dev.facet.gateway.ledger.SettableClock;
import dev.facet.gateway.ledger.SubjectDetails;
import dev.facet.gateway.ledger.UnitVector;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaceSearchTest {
  private static final float ANY = Float.POSITIVE_INFINITY;

  @TempDir Path directory;

  private final Gallery gallery = ScanGallery.inMemory();
  private final UnitVector probe = vector("probe");
  private Ledger ledger;
  private FaceCollection people;
  private FaceSearch search;

  @BeforeEach
  void open() {
    ledger = Ledger.sqlite(directory.resolve("ledger.db"), new SettableClock());
    people = Samples.collection(ledger);
    gallery.open(people);
    search = new FaceSearch(ledger, gallery);
  }

  @AfterEach
  void close() {
    gallery.close();
    ledger.close();
  }

  private void enroll(String subject, String id, UnitVector vector, String metadata) {
    ledger.enroll(people, enrollment(subject, face(id, vector, metadata, Optional.empty())));
    gallery.upsert(people, List.of(new Entry(ledger.sequence(), vector)));
  }

  private FaceMatches find(int limit, boolean distinct, FaceFilter filter) {
    return search.search(people, new FaceQuery(probe, MODEL, limit, ANY, distinct, filter));
  }

  private List<String> ids(FaceMatches matches) {
    return matches.matches().stream().map(FaceMatch::faceId).toList();
  }

  @Test
  void matchIsNamedByTheLedger() {
    enroll("ada", "f1", probe, "{}");
    ledger.updateSubject(people, "ada", _ -> new SubjectDetails("Ada", "", "{}"));
    assertThat(find(10, false, FaceFilter.ALL))
        .isEqualTo(new FaceMatches(List.of(new FaceMatch("f1", "ada", "Ada", 0)), 1));
  }

  @Test
  void faceOfAMergedSubjectIsTheOthersWithoutAChangeOfTheGallery() {
    enroll("ada", "f1", probe, "{}");
    enroll("bob", "f2", vector("bob"), "{}");
    ledger.mergeSubjects(people, "ada", "bob");
    assertThat(find(10, true, FaceFilter.ALL).matches())
        .containsExactly(new FaceMatch("f1", "bob", "", 0));
  }

  @Test
  void deadHitIsNotAnsweredAndItsPlaceIsFilled() {
    for (int i = 0; i < 20; i++) {
      enroll("ada", "dead" + i, probe, "{}");
      ledger.deleteFace(people, "dead" + i);
    }
    enroll("bob", "f1", vector("bob"), "{}");
    assertThat(gallery.count(people)).isEqualTo(21);
    assertThat(ids(find(1, false, FaceFilter.ALL))).containsExactly("f1");
  }

  @Test
  void vectorOfADeletedFaceIsNeverCreditedToTheNextOwnerOfItsId() {
    enroll("ada", "f1", probe, "{}");
    ledger.deleteFace(people, "f1");
    UnitVector bob = vector("bob");
    ledger.enroll(people, enrollment("bob", face("f1", bob, "{}", Optional.empty())));
    assertThat(find(10, false, FaceFilter.ALL).matches()).isEmpty();
    gallery.upsert(people, List.of(new Entry(ledger.sequence(), bob)));
    assertThat(find(10, false, FaceFilter.ALL).matches())
        .extracting(FaceMatch::subjectId)
        .containsExactly("bob");
  }

  @Test
  void distinctSubjectsAreSoughtUntilThereAreEnough() {
    Random random = new Random(1);
    for (int i = 0; i < 50; i++) {
      enroll("ada", "a" + i, probe, "{}");
    }
    enroll("bob", "b", vector(random, Samples.DIMENSION), "{}");
    enroll("eve", "e", vector(random, Samples.DIMENSION), "{}");
    assertThat(find(2, true, FaceFilter.ALL).matches())
        .extracting(FaceMatch::subjectId)
        .hasSize(2)
        .startsWith("ada")
        .doesNotHaveDuplicates();
    assertThat(find(9, true, FaceFilter.ALL).matches()).hasSize(3);
  }

  @Test
  void filterChoosesSubjectsAndMetadata() {
    enroll("ada", "f1", vector("1"), "{\"door\":1}");
    enroll("ada", "f2", vector("2"), "{\"door\":2}");
    enroll("bob", "f3", vector("3"), "{\"door\":1}");
    FaceFilter adas = new FaceFilter(Set.of("ada"), Map.of());
    FaceFilter doors = new FaceFilter(Set.of(), Map.of("door", "1"));
    FaceFilter nobodys = new FaceFilter(Set.of("nobody"), Map.of());
    assertThat(ids(find(10, false, adas))).containsExactlyInAnyOrder("f1", "f2");
    assertThat(ids(find(10, false, doors))).containsExactlyInAnyOrder("f1", "f3");
    assertThat(find(10, false, doors).searchedFaces()).isEqualTo(2);
    assertThat(find(10, false, nobodys)).isEqualTo(new FaceMatches(List.of(), 0));
  }

  @Test
  void otherModelIsRefusedBeforeAStoreIsAsked() {
    FaceQuery query = new FaceQuery(probe, OTHER_MODEL, 1, ANY, false, FaceFilter.ALL);
    ledger.close();
    assertThatThrownBy(() -> search.search(people, query)).isInstanceOf(LedgerRefusal.class);
  }
}
