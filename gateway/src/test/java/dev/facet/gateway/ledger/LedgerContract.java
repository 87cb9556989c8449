package dev.facet.gateway.ledger;

import static dev.facet.gateway.ledger.Samples.DETAILS;
import static dev.facet.gateway.ledger.Samples.DIMENSION;
import static dev.facet.gateway.ledger.Samples.MODEL;
import static dev.facet.gateway.ledger.Samples.OTHER_MODEL;
import static dev.facet.gateway.ledger.Samples.collection;
import static dev.facet.gateway.ledger.Samples.enroll;
import static dev.facet.gateway.ledger.Samples.enrollment;
import static dev.facet.gateway.ledger.Samples.face;
import static dev.facet.gateway.ledger.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.gateway.ledger.EnrollOutcome.FaceExists;
import dev.facet.gateway.ledger.EnrollOutcome.Replayed;
import dev.facet.gateway.ledger.EnrollOutcome.RequestIdReused;
import dev.facet.gateway.ledger.EnrollOutcome.Stored;
import dev.facet.gateway.ledger.LedgerRefusal.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every ledger does, whatever database is below it. */
interface LedgerContract {

  /** An empty ledger. */
  Ledger open(SettableClock clock);

  private static void refused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LedgerRefusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
  }

  private static RequestRecord request(String id, String sha256, String answer) {
    return new RequestRecord(id, sha256, answer.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  default void enrolledFaceIsThereAsItWasGiven() {
    SettableClock clock = new SettableClock();
    try (Ledger ledger = open(clock)) {
      FaceCollection people = collection(ledger);
      NewFace face =
          new NewFace(
              "f1", vector("f1"), "c1", "ext \u00e9", "{\"a\":1}", "form 7", Optional.of("chip1"));
      Enrollment enrollment =
          new Enrollment(MODEL, "ada", Optional.of("Ada"), List.of(face), Optional.empty());

      Stored stored = (Stored) ledger.enroll(people, enrollment);

      Face expected =
          new Face(
              "f1",
              new FaceDetails("ada", "ext \u00e9", "{\"a\":1}"),
              "form 7",
              Optional.of("chip1"),
              stored.sequence(),
              clock.instant(),
              clock.instant());
      assertThat(stored.faces()).containsExactly(expected);
      assertThat(ledger.face(people, "f1")).contains(expected);
      assertThat(ledger.vector(people, "f1")).contains(vector("f1"));
      assertThat(ledger.live(people, List.of(stored.sequence(), stored.sequence() + 1)))
          .isEqualTo(
              Map.of(stored.sequence(), new LiveFace("f1", "ada", "Ada", stored.sequence())));
      assertThat(ledger.subject(people, "ada"))
          .contains(
              new Subject(
                  "ada", new SubjectDetails("Ada", "", "{}"), 1, clock.instant(), clock.instant()));
    }
  }

  /** V02. */
  @Test
  default void oneRequestFiveTimesAtOnceStoresOneFace() throws Exception {
    try (Ledger ledger = open(new SettableClock());
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      FaceCollection people = collection(ledger);
      Callable<EnrollOutcome> call =
          () -> ledger.enroll(people, enrollment("ada", request("r1", "s1", "42"), face("f1")));

      List<EnrollOutcome> outcomes = new ArrayList<>();
      for (Future<EnrollOutcome> future :
          callers.invokeAll(List.of(call, call, call, call, call))) {
        outcomes.add(future.get());
      }

      List<Face> faces = ledger.faces(people, Optional.empty(), 0, 10);
      assertThat(faces).hasSize(1);
      assertThat(outcomes)
          .filteredOn(Stored.class::isInstance)
          .singleElement()
          .isEqualTo(new Stored(faces, ledger.sequence()));
      assertThat(outcomes)
          .filteredOn(Replayed.class::isInstance)
          .hasSize(4)
          .allSatisfy(
              outcome -> {
                Replayed replayed = (Replayed) outcome;
                assertThat(replayed.faces()).isEqualTo(faces);
                assertThat(replayed.answer()).asString(StandardCharsets.UTF_8).isEqualTo("42");
              });
    }
  }

  /** V03. */
  @Test
  default void requestIdIsNotTakenForAnotherRequest() {
    try (Ledger ledger = open(new SettableClock())) {
      FaceCollection people = collection(ledger);
      ledger.enroll(people, enrollment("ada", request("r1", "s1", ""), face("f1")));

      assertThat(ledger.enroll(people, enrollment("ada", request("r1", "s2", ""), face("f2"))))
          .isEqualTo(new RequestIdReused());
      assertThat(ledger.remembered(people, "r1", "s2")).contains(new RequestIdReused());
      assertThat(ledger.remembered(people, "r1", "s1")).get().isInstanceOf(Replayed.class);
      assertThat(ledger.remembered(people, "r2", "s1")).isEmpty();
      assertThat(ledger.remembered(collection(ledger, "default", "others"), "r1", "s1"))
          .contains(new RequestIdReused());
      assertThat(ledger.face(people, "f2")).isEmpty();
    }
  }

  /** V19: what is remembered for a day is forgotten too soon; its face is still the same. */
  @Test
  default void clockThatJumpsADayDoublesNoEnrolment() {
    for (Duration jump : List.of(Duration.ofDays(1), Duration.ofDays(-1))) {
      SettableClock clock = new SettableClock();
      try (Ledger ledger = open(clock)) {
        FaceCollection people = collection(ledger, "default", "jump" + jump.toDays());
        ledger.enroll(people, enrollment("ada", request("r" + jump, "s1", ""), face("f1")));
        clock.advance(jump);
        assertThat(
                ledger.enroll(people, enrollment("ada", request("r" + jump, "s1", ""), face("f1"))))
            .isInstanceOf(Replayed.class);
        assertThat(ledger.faces(people, Optional.empty(), 0, 10)).hasSize(1);
        ledger.deleteFace(people, "f1");
        assertThat(ledger.face(people, "f1")).isEmpty();
        assertThat(ledger.unpurged(10)).isNotEmpty();
      }
    }
  }

  @Test
  default void requestIsRememberedForADay() {
    SettableClock clock = new SettableClock();
    try (Ledger ledger = open(clock)) {
      FaceCollection people = collection(ledger);
      ledger.enroll(people, enrollment("ada", request("r1", "s1", ""), face("f1")));

      clock.advance(Duration.ofHours(24).minusMillis(1));
      assertThat(ledger.remembered(people, "r1", "s1")).isPresent();
      clock.advance(Duration.ofMillis(1));
      assertThat(ledger.remembered(people, "r1", "s1")).isEmpty();
      assertThat(ledger.enroll(people, enrollment("ada", request("r1", "s2", ""), face("f2"))))
          .isInstanceOf(Stored.class);
    }
  }

  @Test
  default void sameFaceWithSameContentIsStoredOnce() {
    try (Ledger ledger = open(new SettableClock())) {
      FaceCollection people = collection(ledger);
      Stored first = (Stored) ledger.enroll(people, enrollment("ada", face("f1")));

      Replayed again = (Replayed) ledger.enroll(people, enrollment("ada", face("f1")));
      Stored withAnother =
          (Stored) ledger.enroll(people, enrollment("ada", face("f1"), face("f2"), face("f2")));

      assertThat(again.faces()).isEqualTo(first.faces());
      assertThat(again.sequence()).isEqualTo(first.sequence());
      assertThat(withAnother.faces()).extracting(Face::faceId).containsExactly("f1", "f2", "f2");
      assertThat(ledger.faces(people, Optional.empty(), 0, 10))
          .extracting(Face::faceId)
          .containsExactly("f1", "f2");
    }
  }

  @Test
  default void faceIdWithOtherContentIsRefusedWhole() {
    try (Ledger ledger = open(new SettableClock())) {
      FaceCollection people = collection(ledger);
      enroll(ledger, people, "ada", "f1");
      NewFace other = new NewFace("f1", vector("x"), "other", "", "{}", "", Optional.empty());

      assertThat(ledger.enroll(people, enrollment("bob", face("f0"), other)))
          .isEqualTo(new FaceExists("f1"));
      assertThat(ledger.face(people, "f0")).isEmpty();
      assertThat(ledger.subject(people, "bob")).isEmpty();
      assertThat(ledger.vector(people, "f1")).contains(vector("f1"));
    }
  }

  @Test
  default void otherModelAndOtherDimensionAreRefused() {
    try (Ledger ledger = open(new SettableClock())) {
      FaceCollection people = collection(ledger);
      UnitVector shorter = vector(new Random(1), DIMENSION - 1);
      Enrollment otherModel =
          new Enrollment(
              OTHER_MODEL, "ada", Optional.empty(), List.of(face("f1")), Optional.empty());
      refused(Reason.MODEL_MISMATCH, () -> ledger.enroll(people, otherModel));
      refused(
          Reason.VECTOR_DIMENSION,
          () ->
              ledger.enroll(
                  people, enrollment("ada", face("f1", shorter, "{}", Optional.empty()))));
      assertThat(ledger.sequence()).isEqualTo(people.number());
    }
  }

  /** V06: nothing answers a deleted face. */
  @Test
  default void deletedFaceIsNowhere() {
    SettableClock clock = new SettableClock();
    try (Ledger ledger = open(clock)) {
      FaceCollection people = collection(ledger);
      long first = enroll(ledger, people, "ada", "f1");
      long second = enroll(ledger, people, "ada", "f2");
      Instant hidden = clock.instant();

      Deletion deletion = ledger.deleteFace(people, "f1");

      assertThat(deletion).isEqualTo(new Deletion(1, ledger.sequence(), hidden));
      assertThat(ledger.face(people, "f1")).isEmpty();
      assertThat(ledger.vector(people, "f1")).isEmpty();
      assertThat(ledger.live(people, List.of(first))).isEmpty();
      assertThat(ledger.matching(people, FaceFilter.ALL)).isEqualTo(FaceKeys.of(second));
      assertThat(ledger.subject(people, "ada").orElseThrow().faceCount()).isEqualTo(1);
      assertThat(ledger.changes(0, 10).changes())
          .contains(new Change.Deleted(deletion.sequence(), people.number(), "f1", first))
          .noneMatch(change -> change instanceof Change.Enrolled e && e.faceId().equals("f1"));

      clock.advance(Duration.ofMinutes(1));
      assertThat(ledger.deleteFace(people, "f1"))
          .isEqualTo(new Deletion(0, deletion.sequence(), hidden));
      refused(Reason.FACE_NOT_FOUND, () -> ledger.deleteFace(people, "f3"));
    }
  }

  @Test
  default void deletedFaceEnrolledAgainIsAliveUnderANewSequenceNumber() {
    try (Ledger ledger = open(new SettableClock())) {
      FaceCollection people = collection(ledger);
      long first = enroll(ledger, people, "ada", "f1");
      long deleted = ledger.deleteFace(people, "f1").sequence();

      long again = enroll(ledger, people, "bob", "f1");

      assertThat(again).isGreaterThan(deleted);
      assertThat(ledger.face(people, "f1").orElseThrow().subjectId()).isEqualTo("bob");
      assertThat(ledger.changes(0, 10).changes())
          .containsExactly(
              new Change.Deleted(deleted, people.number(), "f1", first),
              new Change.Enrolled(again, people.number(), "f1", vector("f1")));
      assertThat(ledger.unpurged(10)).extracting(Tombstone::sequence).containsExactly(deleted);
      Deletion last = ledger.deleteFace(people, "f1");
      assertThat(ledger.deleteFace(people, "f1").sequence()).isEqualTo(last.sequence());
    }
  }

  @Test
  default void requestWhoseFaceWasDeletedIsNotActedOnAgain() {
    try (Ledger ledger = open(new SettableClock())) {
      FaceCollection people = collection(ledger);
      Enrollment enrollment = enrollment("ada", request("r1", "s1", ""), face("f1"));
      ledger.enroll(people, enrollment);
      ledger.deleteFace(people, "f1");

      assertThat(((Replayed) ledger.enroll(people, enrollment)).faces()).isEmpty();
      assertThat(ledger.face(people, "f1")).isEmpty();
    }
  }

  @Test
  default void faceCanBeChangedAndMoved() {
    SettableClock clock = new SettableClock();
    try (Ledger ledger = open(clock)) {
      FaceCollection people = collection(ledger);
      long sequence = enroll(ledger, people, "ada", "f1");
      enroll(ledger, people, "bob", "f2");
      FaceDetails details = new FaceDetails("bob", "e", "{\"a\":true}");
      clock.advance(Duration.ofSeconds(1));

      Face moved = ledger.updateFace(people, "f1", _ -> details);

      assertThat(moved.details()).isEqualTo(details);
      assertThat(moved.sequence()).isEqualTo(sequence);
      assertThat(moved.updated()).isEqualTo(clock.instant()).isAfter(moved.created());
      assertThat(ledger.face(people, "f1")).contains(moved);
      assertThat(ledger.faces(people, Optional.of("bob"), 0, 10))
          .extracting(Face::faceId)
          .containsExactly("f1", "f2");
      refused(Reason.FACE_NOT_FOUND, () -> ledger.updateFace(people, "f3", d -> d));
      refused(
          Reason.SUBJECT_NOT_FOUND,
          () -> ledger.updateFace(people, "f1", _ -> new FaceDetails("eve", "", "{}")));
    }
  }

  @Test
  default void subjectsCanBeNamedAndMerged() {
    try (Ledger ledger = open(new SettableClock())) {
      FaceCollection people = collection(ledger);
      enroll(ledger, people, "ada", "f1", "f2");
      long sequence = enroll(ledger, people, "bob", "f3");
      SubjectDetails details = new SubjectDetails("Ada", "e", "{\"a\":1}");
      assertThat(ledger.updateSubject(people, "ada", _ -> details).details()).isEqualTo(details);

      Merge merge = ledger.mergeSubjects(people, "bob", "ada");

      assertThat(merge.movedFaces()).isEqualTo(1);
      assertThat(merge.subject().faceCount()).isEqualTo(3);
      assertThat(merge.subject().details()).isEqualTo(details);
      assertThat(ledger.subject(people, "bob")).isEmpty();
      assertThat(ledger.live(people, List.of(sequence)).get(sequence))
          .extracting(LiveFace::subjectId, LiveFace::displayName)
          .containsExactly("ada", "Ada");
      assertThat(ledger.sequence()).isEqualTo(sequence);
      assertThat(ledger.mergeSubjects(people, "ada", "ada").movedFaces()).isZero();
      refused(Reason.SUBJECT_NOT_FOUND, () -> ledger.mergeSubjects(people, "bob", "ada"));
      refused(Reason.SUBJECT_NOT_FOUND, () -> ledger.updateSubject(people, "bob", d -> d));
    }
  }

  @Test
  default void twoAndAHalfThousandFacesAreListedAndDeletedWhole() {
    try (Ledger ledger = open(new SettableClock())) {
      FaceCollection people = collection(ledger);
      NewFace[] many =
          IntStream.range(0, 2_500).mapToObj(i -> face("f" + i)).toArray(NewFace[]::new);
      ledger.enroll(people, enrollment("crowd", many));
      enroll(ledger, people, "ada", "x");

      List<String> listed = new ArrayList<>();
      List<Long> keys = new ArrayList<>();
      for (List<Face> page = ledger.faces(people, Optional.of("crowd"), 0, 1_000);
          !page.isEmpty();
          page = ledger.faces(people, Optional.of("crowd"), page.getLast().sequence(), 1_000)) {
        page.forEach(face -> listed.add(face.faceId()));
        page.forEach(face -> keys.add(face.sequence()));
      }
      assertThat(listed)
          .containsExactly(IntStream.range(0, 2_500).mapToObj(i -> "f" + i).toArray(String[]::new));
      assertThat(ledger.live(people, keys)).hasSize(2_500);

      assertThat(ledger.deleteSubject(people, "crowd").faces()).isEqualTo(2_500);
      assertThat(ledger.faces(people, Optional.empty(), 0, 10))
          .extracting(Face::faceId)
          .containsExactly("x");
      assertThat(ledger.subject(people, "crowd")).isEmpty();
      refused(Reason.SUBJECT_NOT_FOUND, () -> ledger.deleteSubject(people, "crowd"));
    }
  }

  @Test
  default void subjectsAndCollectionsAreListedById() {
    try (Ledger ledger = open(new SettableClock())) {
      FaceCollection people = collection(ledger, "default", "b");
      collection(ledger, "default", "a");
      enroll(ledger, people, "s2", "f1");
      enroll(ledger, people, "s10", "f2", "f3");

      assertThat(ledger.collections("default", "", 1))
          .extracting(c -> c.key().collectionId())
          .containsExactly("a");
      assertThat(ledger.collections("default", "a", 9)).containsExactly(people);
      assertThat(ledger.subjects(people, "", 9))
          .extracting(Subject::subjectId, Subject::faceCount)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("s10", 2),
              org.assertj.core.groups.Tuple.tuple("s2", 1));
      assertThat(ledger.subjects(people, "s10", 9))
          .extracting(Subject::subjectId)
          .containsExactly("s2");
    }
  }

  @Test
  default void collectionIsCreatedOnceAndChanged() {
    SettableClock clock = new SettableClock();
    try (Ledger ledger = open(clock)) {
      FaceCollection people = collection(ledger);
      refused(Reason.COLLECTION_EXISTS, () -> collection(ledger));
      CollectionKey nobodys = new CollectionKey("nobody", "people");
      refused(
          Reason.TENANT_NOT_FOUND,
          () -> ledger.createCollection(nobodys, MODEL, DIMENSION, DETAILS));
      clock.advance(Duration.ofSeconds(1));
      CollectionDetails details =
          new CollectionDetails("People", 1f, Optional.of(Duration.ofDays(30)), "{\"a\":[]}");

      FaceCollection changed = ledger.updateCollection(people.key(), _ -> details);

      assertThat(changed)
          .isEqualTo(
              new FaceCollection(
                  people.number(),
                  people.key(),
                  MODEL,
                  DIMENSION,
                  details,
                  people.created(),
                  clock.instant()));
      assertThat(ledger.collection(people.key())).contains(changed);
      assertThat(ledger.collection(people.number())).contains(changed);
      refused(Reason.COLLECTION_NOT_FOUND, () -> ledger.updateCollection(nobodys, d -> d));
    }
  }

  @Test
  default void changeThatThrowsChangesNothing() {
    try (Ledger ledger = open(new SettableClock())) {
      FaceCollection people = collection(ledger);
      assertThatThrownBy(
              () ->
                  ledger.updateCollection(
                      people.key(),
                      _ -> {
                        throw new LedgerRefusal(Reason.INVALID_ID, "no");
                      }))
          .isInstanceOf(LedgerRefusal.class);
      assertThat(ledger.collection(people.key())).contains(people);
    }
  }

  @Test
  default void droppedCollectionIsNoMoreAndItsNameStartsAnew() {
    try (Ledger ledger = open(new SettableClock())) {
      FaceCollection old = collection(ledger);
      Enrollment enrollment = enrollment("ada", request("r1", "s1", ""), face("f1"));
      ledger.enroll(old, enrollment);
      enroll(ledger, old, "ada", "f2");
      ledger.deleteFace(old, "f2");
      refused(Reason.COLLECTION_NOT_EMPTY, () -> ledger.dropCollection(old.key(), false));

      Deletion drop = ledger.dropCollection(old.key(), true);

      assertThat(drop.faces()).isEqualTo(1);
      assertThat(ledger.changes(0, 10).changes())
          .containsExactly(new Change.Dropped(drop.sequence(), old.number()));
      refused(Reason.COLLECTION_NOT_FOUND, () -> ledger.enroll(old, enrollment));
      refused(Reason.COLLECTION_NOT_FOUND, () -> ledger.deleteFace(old, "f1"));
      refused(Reason.COLLECTION_NOT_FOUND, () -> ledger.dropCollection(old.key(), true));
      FaceCollection anew = collection(ledger);
      assertThat(anew.number()).isNotEqualTo(old.number());
      assertThat(ledger.face(anew, "f1")).isEmpty();
      assertThat(ledger.enroll(anew, enrollment)).isInstanceOf(Stored.class);
      assertThat(ledger.face(old, "f1")).isEmpty();
    }
  }

  /** V13. */
  @Test
  default void tenantsNeverSeeEachOther() {
    try (Ledger ledger = open(new SettableClock())) {
      FaceCollection ours = collection(ledger, "ours", "people");
      FaceCollection theirs = collection(ledger, "theirs", "people");
      ledger.enroll(ours, enrollment("ada", request("r1", "s1", "mine"), face("f1")));
      long enrolled = ledger.sequence();

      assertThat(ledger.collections("theirs", "", 9)).containsExactly(theirs);
      assertThat(ledger.face(theirs, "f1")).isEmpty();
      assertThat(ledger.live(theirs, List.of(enrolled))).isEmpty();
      assertThat(ledger.subject(theirs, "ada")).isEmpty();
      assertThat(ledger.remembered(theirs, "r1", "s1")).isEmpty();
      refused(Reason.FACE_NOT_FOUND, () -> ledger.deleteFace(theirs, "f1"));
      assertThat(ledger.enroll(theirs, enrollment("ada", request("r1", "s2", ""), face("f1"))))
          .isInstanceOf(Stored.class);
      ledger.deleteSubject(theirs, "ada");
      assertThat(ledger.face(ours, "f1")).isPresent();
    }
  }

  @Test
  default void filterKnowsSubjectsAndMetadata() {
    try (Ledger ledger = open(new SettableClock())) {
      FaceCollection people = collection(ledger);
      long[] keys = new long[4];
      for (String metadata :
          List.of(
              "{}",
              "{\"door\":1.0,\"tags\":{\"a\":1,\"b\":null}}",
              "{\"door\":1,\"shift\":\"night\"}",
              "{\"door\":\"1\"}")) {
        int number = ledger.faces(people, Optional.empty(), 0, 10).size();
        String id = "f" + number;
        ledger.enroll(
            people, enrollment("s" + id, face(id, vector(id), metadata, Optional.empty())));
        keys[number] = ledger.sequence();
      }

      assertThat(ledger.matching(people, FaceFilter.ALL)).isEqualTo(FaceKeys.of(keys));
      assertThat(ledger.matching(people, new FaceFilter(Set.of("sf0", "sf3", "no"), Map.of())))
          .isEqualTo(FaceKeys.of(keys[0], keys[3]));
      assertThat(ledger.matching(people, new FaceFilter(Set.of(), Map.of("door", "1"))))
          .isEqualTo(FaceKeys.of(keys[1], keys[2]));
      assertThat(ledger.matching(people, new FaceFilter(Set.of("sf1"), Map.of("door", "1"))))
          .isEqualTo(FaceKeys.of(keys[1]));
      assertThat(
              ledger.matching(
                  people, new FaceFilter(Set.of(), Map.of("tags", "{\"b\":null,\"a\":1}"))))
          .isEqualTo(FaceKeys.of(keys[1]));
      assertThat(
              ledger.matching(
                  people, new FaceFilter(Set.of(), Map.of("door", "1", "shift", "\"day\""))))
          .isEqualTo(FaceKeys.of());
    }
  }

  @Test
  default void statisticsCountWhatIsAlive() {
    try (Ledger ledger = open(new SettableClock())) {
      FaceCollection people = collection(ledger);
      assertThat(ledger.statistics(people)).isEqualTo(new Statistics(0, 0, 0, 0, Optional.empty()));
      ledger.enroll(
          people, enrollment("ada", face("f1", vector("f1"), "{}", Optional.of("chip1"))));
      Stored last = (Stored) ledger.enroll(people, enrollment("ada", face("f2")));
      Instant newest = last.faces().getFirst().created();
      assertThat(ledger.statistics(people))
          .isEqualTo(new Statistics(1, 2, 1, last.sequence(), Optional.of(newest)));
      long deleted = ledger.deleteFace(people, "f1").sequence();
      assertThat(ledger.statistics(people))
          .isEqualTo(new Statistics(1, 1, 0, deleted, Optional.of(newest)));
    }
  }

  /** Whoever applies the changes, in pages of any size, holds exactly the living faces. */
  @Test
  default void changesLeadToTheLivingFaces() {
    long seed = System.nanoTime();
    System.out.println("changesLeadToTheLivingFaces: seed " + seed);
    Random random = new Random(seed);
    try (Ledger ledger = open(new SettableClock())) {
      FaceCollection people = collection(ledger);
      FaceCollection others = collection(ledger, "default", "others");
      Map<Long, UnitVector> followed = new HashMap<>();
      long position = 0;
      for (int i = 0; i < 200; i++) {
        FaceCollection collection = random.nextInt(4) == 0 ? others : people;
        String id = "f" + random.nextInt(20);
        if (random.nextBoolean()) {
          UnitVector vector = vector(random, DIMENSION);
          ledger.enroll(collection, enrollment("s", face(id, vector, "{}", Optional.empty())));
        } else if (ledger.face(collection, id).isPresent()) {
          ledger.deleteFace(collection, id);
        }
        if (random.nextInt(10) == 0) {
          position = follow(ledger, people, position, 1 + random.nextInt(5), followed);
          assertThat(followed).isEqualTo(living(ledger, people));
        }
      }
      Map<Long, UnitVector> fromScratch = new HashMap<>();
      follow(ledger, people, 0, 1_000, fromScratch);
      assertThat(fromScratch).isEqualTo(living(ledger, people));
    }
  }

  private static long follow(
      Ledger ledger,
      FaceCollection collection,
      long after,
      int pageSize,
      Map<Long, UnitVector> faces) {
    long position = after;
    while (position < ledger.sequence()) {
      Changes page = ledger.changes(collection, position, pageSize);
      for (Change change : page.changes()) {
        switch (change) {
          case Change.Enrolled enrolled -> faces.put(enrolled.sequence(), enrolled.vector());
          case Change.Deleted deleted -> faces.remove(deleted.enrolled());
          case Change.Dropped _ -> faces.clear();
        }
      }
      position = page.upTo();
    }
    return position;
  }

  private static Map<Long, UnitVector> living(Ledger ledger, FaceCollection collection) {
    Map<Long, UnitVector> faces = new HashMap<>();
    for (Face face : ledger.faces(collection, Optional.empty(), 0, 1_000)) {
      faces.put(face.sequence(), ledger.vector(collection, face.faceId()).orElseThrow());
    }
    return faces;
  }

  @Test
  default void commitWakesWhoeverWaitsForAChange() throws Exception {
    try (Ledger ledger = open(new SettableClock());
        var waiter = Executors.newVirtualThreadPerTaskExecutor()) {
      FaceCollection people = collection(ledger);
      Future<Long> woken =
          waiter.submit(
              () -> {
                ledger.awaitChangeAfter(people.number(), Duration.ofHours(1));
                return ledger.sequence();
              });
      long sequence = enroll(ledger, people, "ada", "f1");
      assertThat(woken.get()).isEqualTo(sequence);
    }
  }

  @Test
  default void ledgerHasOneIdentity() {
    try (Ledger ledger = open(new SettableClock())) {
      assertThat(ledger.identity()).isNotEmpty().isEqualTo(ledger.identity());
    }
  }

  @Test
  default void chosenGalleryIsTheLast() {
    try (Ledger ledger = open(new SettableClock())) {
      assertThat(ledger.chosenGallery()).isEmpty();
      ledger.chooseGallery("MILVUS");
      ledger.chooseGallery("SCAN");
      assertThat(ledger.chosenGallery()).contains("SCAN");
    }
  }

  @Test
  default void tombstonesArePurgedOnce() {
    try (Ledger ledger = open(new SettableClock())) {
      FaceCollection people = collection(ledger);
      ledger.enroll(
          people, enrollment("ada", face("f1", vector("f1"), "{}", Optional.of("chip1"))));
      enroll(ledger, people, "ada", "f2");
      assertThat(ledger.liveChips(people.number(), List.of("chip1", "chip2")))
          .containsExactly("chip1");
      Deletion first = ledger.deleteFace(people, "f1");
      ledger.deleteFace(people, "f2");
      assertThat(ledger.liveChips(people.number(), List.of("chip1"))).isEmpty();

      List<Tombstone> tombstones = ledger.unpurged(10);
      assertThat(tombstones)
          .hasSize(2)
          .startsWith(
              new Tombstone(
                  people.number(),
                  Optional.of("f1"),
                  Optional.of("chip1"),
                  first.sequence(),
                  first.hidden()));
      ledger.purged(tombstones.subList(0, 1));
      assertThat(ledger.unpurged(10)).isEqualTo(tombstones.subList(1, 2));
      assertThat(ledger.deleteFace(people, "f1").hidden()).isEqualTo(first.hidden());
    }
  }
}
