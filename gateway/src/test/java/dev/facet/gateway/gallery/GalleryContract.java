package dev.facet.gateway.gallery;

import static dev.facet.gateway.ledger.Samples.DETAILS;
import static dev.facet.gateway.ledger.Samples.MODEL;
import static dev.facet.gateway.ledger.Samples.OTHER_MODEL;
import static dev.facet.gateway.ledger.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.facet.gateway.ledger.CollectionKey;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.LedgerRefusal;
import dev.facet.gateway.ledger.LedgerRefusal.Reason;
import dev.facet.gateway.ledger.ModelId;
import dev.facet.gateway.ledger.UnitVector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every gallery does, compared with distances computed one by one in double precision. */
interface GalleryContract {
  float ANY = Float.POSITIVE_INFINITY;

  /** An empty gallery. */
  Gallery open();

  /** A collection that no test before has used; numbers are the gallery's only way to tell. */
  private static FaceCollection collection(long number, int dimension) {
    CollectionKey key = new CollectionKey("tenant" + number, "people");
    return new FaceCollection(number, key, MODEL, dimension, DETAILS, Instant.EPOCH, Instant.EPOCH);
  }

  private static Random random(String test) {
    long seed = System.nanoTime();
    System.out.println(test + ": seed " + seed);
    return new Random(seed);
  }

  private static Query query(UnitVector vector, int limit, float maxSquaredDistance) {
    return new Query(vector, MODEL, limit, maxSquaredDistance, Optional.empty());
  }

  private static List<Entry> entries(Map<String, UnitVector> faces) {
    return faces.entrySet().stream().map(e -> new Entry(e.getKey(), e.getValue())).toList();
  }

  /** Persons with several photos each, as real galleries have. */
  private static Map<String, UnitVector> crowd(Random random, int faces, int dimension) {
    Map<String, UnitVector> crowd = new HashMap<>();
    UnitVector person = vector(random, dimension);
    for (int i = 0; i < faces; i++) {
      person = i % 3 == 0 ? vector(random, dimension) : person;
      crowd.put("f" + i, near(random, person));
    }
    return crowd;
  }

  private static UnitVector vectorOf(Map<String, UnitVector> faces, String faceId) {
    return Objects.requireNonNull(faces.get(faceId), faceId);
  }

  private static UnitVector near(Random random, UnitVector vector) {
    UnitVector noise = vector(random, vector.dimension());
    float[] values = vector.values();
    double square = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] += 0.7f * noise.value(i);
      square += (double) values[i] * values[i];
    }
    for (int i = 0; i < values.length; i++) {
      values[i] /= (float) Math.sqrt(square);
    }
    return UnitVector.of(values);
  }

  /** The hits are the nearest of the faces, each with its own distance, ascending. */
  private static void assertNearest(
      List<Hit> hits, Map<String, UnitVector> faces, UnitVector query, int limit, double max) {
    List<Double> nearest =
        faces.values().stream()
            .map(query::squaredDistance)
            .filter(distance -> distance <= max)
            .sorted()
            .limit(limit)
            .toList();
    assertThat(hits).hasSameSizeAs(nearest);
    assertThat(hits).isSortedAccordingTo(Comparator.comparingDouble(Hit::squaredDistance));
    assertThat(hits).extracting(Hit::faceId).doesNotHaveDuplicates();
    for (int i = 0; i < hits.size(); i++) {
      Hit hit = hits.get(i);
      assertThat((double) hit.squaredDistance())
          .isCloseTo(nearest.get(i), within(1e-6))
          .isCloseTo(query.squaredDistance(vectorOf(faces, hit.faceId())), within(1e-6));
    }
  }

  private static void refused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LedgerRefusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 37, 128, 512})
  default void nearestFacesComeFirstAndNoneIsMissed(int dimension) {
    Random random = random("nearestFacesComeFirstAndNoneIsMissed");
    try (Gallery gallery = open()) {
      FaceCollection people = collection(1, dimension);
      Map<String, UnitVector> crowd = crowd(random, 700, dimension);
      gallery.open(people);
      gallery.upsert(people, entries(crowd));
      for (int limit : new int[] {1, 10, 699, 700, 1_000}) {
        UnitVector query = near(random, vectorOf(crowd, "f" + random.nextInt(700)));
        List<Hit> hits = gallery.search(people, query(query, limit, ANY));
        assertNearest(hits, crowd, query, limit, ANY);
      }
    }
  }

  @Test
  default void everyFaceWithinTheDistanceIsFoundAndNoneBeyond() {
    Random random = random("everyFaceWithinTheDistanceIsFoundAndNoneBeyond");
    try (Gallery gallery = open()) {
      FaceCollection people = collection(1, 64);
      Map<String, UnitVector> crowd = crowd(random, 600, 64);
      gallery.open(people);
      gallery.upsert(people, entries(crowd));
      for (int i = 0; i < 20; i++) {
        UnitVector query = vectorOf(crowd, "f" + random.nextInt(600));
        // A bound that is exactly one face's distance includes it.
        float max = (float) query.squaredDistance(vectorOf(crowd, "f" + random.nextInt(600)));
        List<Hit> hits = gallery.search(people, query(query, 600, max));
        long expected =
            crowd.values().stream().filter(v -> (float) query.squaredDistance(v) <= max).count();
        assertThat(hits).hasSize((int) expected);
        assertThat(hits)
            .allSatisfy(hit -> assertThat(hit.squaredDistance()).isLessThanOrEqualTo(max));
      }
    }
  }

  @Test
  default void twoAndAHalfThousandFacesAreFound() {
    Random random = random("twoAndAHalfThousandFacesAreFound");
    try (Gallery gallery = open()) {
      FaceCollection people = collection(1, 16);
      Map<String, UnitVector> crowd = crowd(random, 2_500, 16);
      gallery.open(people);
      gallery.upsert(people, entries(crowd));
      UnitVector query = vector(random, 16);
      assertNearest(gallery.search(people, query(query, 2_500, ANY)), crowd, query, 2_500, ANY);
    }
  }

  @Test
  default void randomWritesLeaveWhatAMapWouldHold() {
    Random random = random("randomWritesLeaveWhatAMapWouldHold");
    try (Gallery gallery = open()) {
      FaceCollection people = collection(1, 8);
      gallery.open(people);
      Map<String, UnitVector> expected = new HashMap<>();
      for (int i = 0; i < 60; i++) {
        Map<String, UnitVector> written = new HashMap<>();
        random
            .ints(random.nextInt(20), 0, 300)
            .forEach(id -> written.put("f" + id, vector(random, 8)));
        gallery.upsert(people, entries(written));
        expected.putAll(written);
        List<String> deleted =
            random.ints(random.nextInt(20), 0, 300).mapToObj(id -> "f" + id).toList();
        gallery.delete(people, deleted);
        expected.keySet().removeAll(deleted);
        assertThat(gallery.count(people)).isEqualTo(expected.size());
      }
      UnitVector query = vector(random, 8);
      assertNearest(gallery.search(people, query(query, 300, ANY)), expected, query, 300, ANY);
    }
  }

  @Test
  default void sameIdTwiceIsOneFaceWithTheLastVector() {
    try (Gallery gallery = open()) {
      FaceCollection people = collection(1, 2);
      gallery.open(people);
      gallery.upsert(people, List.of(new Entry("f1", UnitVector.of(1, 0))));
      gallery.upsert(people, List.of(new Entry("f1", UnitVector.of(0, 1))));
      assertThat(gallery.count(people)).isOne();
      assertThat(gallery.search(people, query(UnitVector.of(0, 1), 10, ANY)))
          .containsExactly(new Hit("f1", 0));
    }
  }

  @Test
  default void onlyTheFacesAskedForTakePart() {
    Random random = random("onlyTheFacesAskedForTakePart");
    try (Gallery gallery = open()) {
      FaceCollection people = collection(1, 16);
      Map<String, UnitVector> crowd = crowd(random, 300, 16);
      gallery.open(people);
      gallery.upsert(people, entries(crowd));
      Set<String> among = Set.of("f3", "f200", "f77", "nobody");
      UnitVector query = vector(random, 16);
      List<Hit> hits = gallery.search(people, new Query(query, MODEL, 10, ANY, Optional.of(among)));
      crowd.keySet().retainAll(among);
      assertNearest(hits, crowd, query, 10, ANY);
      assertThat(gallery.search(people, new Query(query, MODEL, 10, ANY, Optional.of(Set.of()))))
          .isEmpty();
    }
  }

  @Test
  default void collectionsOfTwoTenantsNeverMix() {
    try (Gallery gallery = open()) {
      FaceCollection ours = collection(1, 2);
      FaceCollection theirs = collection(2, 2);
      gallery.open(ours);
      gallery.open(theirs);
      gallery.upsert(ours, List.of(new Entry("f1", UnitVector.of(1, 0))));
      gallery.upsert(theirs, List.of(new Entry("f2", UnitVector.of(1, 0))));
      assertThat(gallery.search(ours, query(UnitVector.of(1, 0), 10, ANY)))
          .containsExactly(new Hit("f1", 0));
      gallery.delete(theirs, List.of("f1"));
      gallery.drop(theirs.number());
      assertThat(gallery.count(ours)).isOne();
      assertThat(gallery.count(theirs)).isZero();
      assertThat(gallery.search(theirs, query(UnitVector.of(1, 0), 10, ANY))).isEmpty();
    }
  }

  @Test
  default void droppedCollectionOpensEmpty() {
    try (Gallery gallery = open()) {
      FaceCollection people = collection(1, 2);
      gallery.open(people);
      gallery.upsert(people, List.of(new Entry("f1", UnitVector.of(1, 0))));
      gallery.open(people);
      assertThat(gallery.count(people)).isOne();
      gallery.drop(people.number());
      gallery.drop(people.number());
      gallery.open(people);
      assertThat(gallery.count(people)).isZero();
    }
  }

  @Test
  default void everyIdOfTheAlphabetIsKept() {
    try (Gallery gallery = open()) {
      FaceCollection people = collection(1, 2);
      gallery.open(people);
      List<String> ids =
          Stream.concat(
                  IntStream.range(0, 128)
                      .mapToObj(Character::toString)
                      .filter(id -> id.matches("[A-Za-z0-9._-]")),
                  Stream.of("..", "a.b_c-d", "x".repeat(64)))
              .toList();
      gallery.upsert(people, ids.stream().map(id -> new Entry(id, UnitVector.of(1, 0))).toList());
      assertThat(gallery.search(people, query(UnitVector.of(1, 0), 100, ANY)))
          .extracting(Hit::faceId)
          .containsExactlyInAnyOrderElementsOf(ids);
      gallery.delete(people, ids.subList(1, ids.size()));
      assertThat(gallery.search(people, query(UnitVector.of(1, 0), 100, ANY)))
          .containsExactly(new Hit(ids.getFirst(), 0));
    }
  }

  @Test
  default void otherModelAndOtherDimensionAreRefused() {
    try (Gallery gallery = open()) {
      FaceCollection people = collection(1, 2);
      gallery.open(people);
      UnitVector longer = UnitVector.of(1, 0, 0);
      ModelId other = OTHER_MODEL;
      refused(
          Reason.MODEL_MISMATCH,
          () ->
              gallery.search(
                  people, new Query(UnitVector.of(1, 0), other, 1, ANY, Optional.empty())));
      refused(Reason.VECTOR_DIMENSION, () -> gallery.search(people, query(longer, 1, ANY)));
      refused(
          Reason.VECTOR_DIMENSION, () -> gallery.upsert(people, List.of(new Entry("f1", longer))));
      assertThat(gallery.count(people)).isZero();
    }
  }

  @Test
  default void positionIsRemembered() {
    try (Gallery gallery = open()) {
      assertThat(gallery.position()).isZero();
      gallery.advance(42);
      assertThat(gallery.position()).isEqualTo(42);
    }
  }

  /** A face that moves to and fro while others come and go is found once by every search. */
  @Test
  default void searchSeesAReplacedFaceOnce() throws InterruptedException {
    Random random = random("searchSeesAReplacedFaceOnce");
    try (Gallery gallery = open()) {
      FaceCollection people = collection(1, 16);
      gallery.open(people);
      gallery.upsert(people, entries(crowd(random, 500, 16)));
      gallery.upsert(people, List.of(new Entry("mover", vector(random, 16))));
      List<Entry> places =
          IntStream.range(0, 100).mapToObj(_ -> new Entry("mover", vector(random, 16))).toList();
      AtomicBoolean done = new AtomicBoolean();
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < places.size(); i++) {
                      gallery.delete(people, List.of("f" + i));
                      gallery.upsert(people, places.subList(i, i + 1));
                    }
                    done.set(true);
                  });
      Query everything = query(vector(random, 16), 1_000, ANY);
      List<Long> seen = new ArrayList<>();
      do {
        seen.add(
            gallery.search(people, everything).stream()
                .filter(hit -> hit.faceId().equals("mover"))
                .count());
      } while (!done.get());
      writer.join();
      assertThat(seen).containsOnly(1L);
    }
  }
}
