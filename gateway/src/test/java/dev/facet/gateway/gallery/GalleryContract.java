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
import dev.facet.gateway.ledger.FaceKeys;
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
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every gallery does, compared with distances computed one by one in double precision. */
public interface GalleryContract {
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

  private static List<Entry> entries(Map<Long, UnitVector> faces) {
    return faces.entrySet().stream().map(e -> new Entry(e.getKey(), e.getValue())).toList();
  }

  /** Persons with several photos each, as real galleries have. */
  private static Map<Long, UnitVector> crowd(Random random, int faces, int dimension) {
    Map<Long, UnitVector> crowd = new HashMap<>();
    UnitVector person = vector(random, dimension);
    for (int i = 0; i < faces; i++) {
      person = i % 3 == 0 ? vector(random, dimension) : person;
      crowd.put(i + 1L, near(random, person));
    }
    return crowd;
  }

  private static UnitVector vectorOf(Map<Long, UnitVector> faces, long key) {
    return Objects.requireNonNull(faces.get(key), () -> "face " + key);
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
      List<Hit> hits, Map<Long, UnitVector> faces, UnitVector query, int limit, double max) {
    List<Double> nearest =
        faces.values().stream()
            .map(query::squaredDistance)
            .filter(distance -> distance <= max)
            .sorted()
            .limit(limit)
            .toList();
    assertThat(hits).hasSameSizeAs(nearest);
    assertThat(hits).isSortedAccordingTo(Comparator.comparingDouble(Hit::squaredDistance));
    assertThat(hits).extracting(Hit::key).doesNotHaveDuplicates();
    for (int i = 0; i < hits.size(); i++) {
      Hit hit = hits.get(i);
      assertThat((double) hit.squaredDistance())
          .isCloseTo(nearest.get(i), within(1e-6))
          .isCloseTo(query.squaredDistance(vectorOf(faces, hit.key())), within(1e-6));
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
      Map<Long, UnitVector> crowd = crowd(random, 700, dimension);
      gallery.open(people);
      gallery.upsert(people, entries(crowd));
      for (int limit : new int[] {1, 10, 699, 700, 1_000}) {
        UnitVector query = near(random, vectorOf(crowd, 1 + random.nextInt(700)));
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
      Map<Long, UnitVector> crowd = crowd(random, 600, 64);
      gallery.open(people);
      gallery.upsert(people, entries(crowd));
      for (int i = 0; i < 20; i++) {
        UnitVector query = vectorOf(crowd, 1 + random.nextInt(600));
        // A bound that is exactly one face's distance includes it.
        float max = (float) query.squaredDistance(vectorOf(crowd, 1 + random.nextInt(600)));
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
      Map<Long, UnitVector> crowd = crowd(random, 2_500, 16);
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
      Map<Long, UnitVector> expected = new HashMap<>();
      for (int i = 0; i < 60; i++) {
        Map<Long, UnitVector> written = new HashMap<>();
        random
            .ints(random.nextInt(20), 1, 300)
            .forEach(
                id -> written.put((long) id, expected.getOrDefault((long) id, vector(random, 8))));
        gallery.upsert(people, entries(written));
        expected.putAll(written);
        List<Long> deleted =
            random.ints(random.nextInt(20), 1, 300).mapToObj(Long::valueOf).toList();
        gallery.delete(people, deleted);
        expected.keySet().removeAll(deleted);
        assertThat(gallery.count(people)).isEqualTo(expected.size());
      }
      UnitVector query = vector(random, 8);
      assertNearest(gallery.search(people, query(query, 300, ANY)), expected, query, 300, ANY);
    }
  }

  @Test
  default void keyWrittenTwiceIsOneFace() {
    try (Gallery gallery = open()) {
      FaceCollection people = collection(1, 2);
      gallery.open(people);
      gallery.upsert(people, List.of(new Entry(7, UnitVector.of(1, 0))));
      gallery.upsert(
          people, List.of(new Entry(8, UnitVector.of(0, 1)), new Entry(7, UnitVector.of(1, 0))));
      assertThat(gallery.count(people)).isEqualTo(2);
      assertThat(gallery.search(people, query(UnitVector.of(1, 0), 10, ANY)))
          .containsExactly(new Hit(7, 0), new Hit(8, 2));
    }
  }

  @Test
  default void onlyTheFacesAskedForTakePart() {
    Random random = random("onlyTheFacesAskedForTakePart");
    try (Gallery gallery = open()) {
      FaceCollection people = collection(1, 16);
      Map<Long, UnitVector> crowd = crowd(random, 300, 16);
      gallery.open(people);
      gallery.upsert(people, entries(crowd));
      Set<Long> among = Set.of(3L, 200L, 77L, 999L);
      FaceKeys keys = FaceKeys.of(among.stream().mapToLong(Long::longValue));
      UnitVector query = vector(random, 16);
      List<Hit> hits = gallery.search(people, new Query(query, MODEL, 10, ANY, Optional.of(keys)));
      crowd.keySet().retainAll(among);
      assertNearest(hits, crowd, query, 10, ANY);
      assertThat(
              gallery.search(people, new Query(query, MODEL, 10, ANY, Optional.of(FaceKeys.of()))))
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
      gallery.upsert(ours, List.of(new Entry(1, UnitVector.of(1, 0))));
      gallery.upsert(theirs, List.of(new Entry(2, UnitVector.of(1, 0))));
      assertThat(gallery.search(ours, query(UnitVector.of(1, 0), 10, ANY)))
          .containsExactly(new Hit(1, 0));
      gallery.delete(theirs, List.of(1L));
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
      gallery.upsert(people, List.of(new Entry(1, UnitVector.of(1, 0))));
      gallery.open(people);
      assertThat(gallery.count(people)).isOne();
      gallery.drop(people.number());
      gallery.drop(people.number());
      gallery.open(people);
      assertThat(gallery.count(people)).isZero();
    }
  }

  @Test
  default void everyKeyIsKept() {
    try (Gallery gallery = open()) {
      FaceCollection people = collection(1, 2);
      gallery.open(people);
      List<Long> keys = List.of(1L, 2L, 1L << 31, (1L << 53) + 1, 1L << 62);
      gallery.upsert(
          people, keys.stream().map(key -> new Entry(key, UnitVector.of(1, 0))).toList());
      assertThat(gallery.search(people, query(UnitVector.of(1, 0), 100, ANY)))
          .extracting(Hit::key)
          .containsExactlyInAnyOrderElementsOf(keys);
      gallery.delete(people, keys.subList(0, 4));
      assertThat(gallery.search(people, query(UnitVector.of(1, 0), 100, ANY)))
          .containsExactly(new Hit(1L << 62, 0));
    }
  }

  @Test
  default void keysAreListedInPages() {
    Random random = random("keysAreListedInPages");
    try (Gallery gallery = open()) {
      FaceCollection people = collection(1, 8);
      assertThat(gallery.keys(people, 0, 10)).isEmpty();
      gallery.open(people);
      gallery.upsert(people, entries(crowd(random, 250, 8)));
      gallery.delete(people, List.of(5L, 250L));
      List<Long> keys = new ArrayList<>();
      List<Long> page = gallery.keys(people, 0, 100);
      while (!page.isEmpty()) {
        keys.addAll(page);
        page = gallery.keys(people, page.getLast(), 100);
      }
      assertThat(keys).hasSize(248).isSorted().doesNotContain(5L, 250L);
    }
  }

  @Test
  default void draftServesOnceItIsPublishedAndTheOtherIsKept() {
    try (Gallery gallery = open()) {
      FaceCollection people = collection(1, 2);
      gallery.open(people);
      gallery.upsert(people, List.of(new Entry(1, UnitVector.of(1, 0))));
      gallery.advance(1);
      Query all = query(UnitVector.of(1, 0), 10, ANY);
      try (Draft draft = gallery.draft(people)) {
        assertThat(draft.followed()).isZero();
        draft.upsert(List.of(new Entry(2, UnitVector.of(1, 0)), new Entry(3, UnitVector.of(0, 1))));
        draft.delete(List.of(3L));
        draft.finish();
        assertThat(draft.count()).isOne();
        assertThat(draft.search(all)).containsExactly(new Hit(2, 0));
        assertThat(gallery.search(people, all)).containsExactly(new Hit(1, 0));
        assertThat(gallery.kept(people)).isEmpty();
        draft.publish(3);
      }
      assertThat(gallery.search(people, all)).containsExactly(new Hit(2, 0));
      gallery.upsert(people, List.of(new Entry(4, UnitVector.of(1, 0))));
      gallery.advance(4);
      assertThat(gallery.count(people)).isEqualTo(2);
      Draft earlier = gallery.kept(people).orElseThrow();
      assertThat(earlier.followed()).isPositive();
      assertThat(earlier.search(all)).containsExactly(new Hit(1, 0));
      earlier.publish(4);
      assertThat(gallery.search(people, all)).containsExactly(new Hit(1, 0));
      gallery.kept(people).orElseThrow().close();
      assertThat(gallery.kept(people)).isEmpty();
      assertThat(gallery.search(people, all)).containsExactly(new Hit(1, 0));
    }
  }

  @Test
  default void draftThatIsGivenUpChangesNothing() {
    try (Gallery gallery = open()) {
      FaceCollection people = collection(1, 2);
      gallery.open(people);
      gallery.upsert(people, List.of(new Entry(1, UnitVector.of(1, 0))));
      try (Draft draft = gallery.draft(people)) {
        draft.upsert(List.of(new Entry(2, UnitVector.of(1, 0))));
      }
      try (Draft draft = gallery.draft(people)) {
        assertThat(draft.count()).isZero();
      }
      assertThat(gallery.search(people, query(UnitVector.of(1, 0), 10, ANY)))
          .containsExactly(new Hit(1, 0));
      assertThat(gallery.kept(people)).isEmpty();
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
      refused(Reason.VECTOR_DIMENSION, () -> gallery.upsert(people, List.of(new Entry(1, longer))));
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

  /** While others come and go around it, a face is found once by every search. */
  @Test
  default void faceThatStaysIsFoundOnceWhileOthersComeAndGo() throws InterruptedException {
    Random random = random("faceThatStaysIsFoundOnceWhileOthersComeAndGo");
    try (Gallery gallery = open()) {
      FaceCollection people = collection(1, 16);
      gallery.open(people);
      gallery.upsert(people, entries(crowd(random, 500, 16)));
      Entry stays = new Entry(1_000, vector(random, 16));
      gallery.upsert(people, List.of(stays));
      AtomicBoolean done = new AtomicBoolean();
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (long i = 1; i <= 100; i++) {
                      gallery.delete(people, List.of(i));
                      gallery.upsert(
                          people, List.of(stays, new Entry(1_000 + i, vector(random, 16))));
                    }
                    done.set(true);
                  });
      Query everything = query(vector(random, 16), 1_000, ANY);
      List<Long> seen = new ArrayList<>();
      do {
        seen.add(
            gallery.search(people, everything).stream()
                .filter(hit -> hit.key() == stays.key())
                .count());
      } while (!done.get());
      writer.join();
      assertThat(seen).containsOnly(1L);
    }
  }
}
