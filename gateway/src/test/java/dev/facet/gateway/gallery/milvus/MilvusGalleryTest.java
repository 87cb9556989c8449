package dev.facet.gateway.gallery.milvus;

import static dev.facet.gateway.ledger.Samples.MODEL;
import static dev.facet.gateway.ledger.Samples.enrollment;
import static dev.facet.gateway.ledger.Samples.face;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.gateway.gallery.Draft;
import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.FaceMatch;
import dev.facet.gateway.gallery.FaceQuery;
import dev.facet.gateway.gallery.FaceSearch;
import dev.facet.gateway.gallery.GalleryException;
import dev.facet.gateway.gallery.GalleryFollower;
import dev.facet.gateway.gallery.Query;
import dev.facet.gateway.ledger.Change;
import dev.facet.gateway.ledger.CollectionKey;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.FaceFilter;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.NewFace;
import dev.facet.gateway.ledger.Samples;
import dev.facet.gateway.ledger.SettableClock;
import dev.facet.gateway.ledger.SharedLock;
import dev.facet.gateway.testing.MilvusServer;
import io.milvus.v2.common.ConsistencyLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Tail and Milvus as one gallery, over the real engine and a real ledger. */
@Execution(ExecutionMode.CONCURRENT)
class MilvusGalleryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final int DIMENSION = 64;
  private static final String LOCK = "milvus-settling";

  @TempDir Path directory;

  private MilvusSettings settings;
  private Ledger ledger;
  private FaceCollection people;
  private MilvusGallery gallery;
  private GalleryFollower follower;

  @BeforeEach
  void open() {
    settings = TestSettings.on(MilvusServer.shared().uri());
    ledger = Ledger.sqlite(directory.resolve("ledger.db"), new SettableClock());
    ledger.createTenant("default");
    people =
        ledger.createCollection(
            new CollectionKey("default", "people"), MODEL, DIMENSION, Samples.DETAILS);
    start();
  }

  private void start() {
    gallery = new MilvusGallery(settings, ledger);
    follower = new GalleryFollower(ledger, gallery, POLL);
  }

  private void stop() {
    follower.close();
    gallery.close();
  }

  @AfterEach
  void close() {
    if (ledger == null) {
      return; // there is no Milvus
    }
    stop();
    ledger.close();
    try (MilvusIndex index = new MilvusIndex(settings, ConsistencyLevel.STRONG)) {
      index.forget();
    }
  }

  private static NewFace person(String id) {
    return face(id, Samples.vector(new Random(id.hashCode()), DIMENSION), "{}", Optional.empty());
  }

  private void enroll(String... ids) throws InterruptedException {
    NewFace[] faces = Arrays.stream(ids).map(MilvusGalleryTest::person).toArray(NewFace[]::new);
    ledger.enroll(people, enrollment("ada", faces));
    follower.awaitSequence(ledger.sequence(), PATIENCE);
  }

  private void delete(String id) throws InterruptedException {
    follower.awaitSequence(ledger.deleteFace(people, id).sequence(), PATIENCE);
  }

  private void settle() throws InterruptedException {
    assertThat(gallery.settle(follower.position(), PATIENCE)).isTrue();
  }

  private List<String> found(String id) {
    FaceQuery query = new FaceQuery(person(id).vector(), MODEL, 1, 1e-4f, false, FaceFilter.ALL);
    return new FaceSearch(ledger, gallery)
        .search(people, query).matches().stream().map(FaceMatch::faceId).toList();
  }

  @Test
  void facesAreFoundAtOnceAndAfterTheyWereSettled() throws Exception {
    enroll("f1", "f2", "f3");
    assertThat(gallery.settledPosition()).isLessThan(ledger.sequence());
    assertThat(found("f2")).containsExactly("f2");
    assertThat(gallery.count(people)).isEqualTo(3);

    settle();
    assertThat(gallery.settledPosition()).isEqualTo(ledger.sequence());
    assertThat(found("f2")).containsExactly("f2");
    assertThat(gallery.count(people)).isEqualTo(3);
    gallery.letGo(gallery.settledPosition());
    assertThat(gallery.unsettled()).isZero();
    assertThat(found("f2")).containsExactly("f2");
    assertThat(gallery.count(people)).isEqualTo(3);

    delete("f2");
    enroll("f4");
    assertThat(found("f2")).isEmpty();
    assertThat(found("f4")).containsExactly("f4");
    assertThat(gallery.count(people)).isEqualTo(3);
    assertThat(gallery.keys(people, 0, 10)).hasSize(3);

    settle();
    gallery.letGo(gallery.settledPosition());
    assertThat(found("f2")).isEmpty();
    assertThat(found("f4")).containsExactly("f4");
    assertThat(gallery.count(people)).isEqualTo(3);
    assertThat(gallery.keys(people, 0, 10)).hasSize(3);
  }

  @Test
  void nextLifeOfAGatewayGoesOnFromWhatIsSettled() throws Exception {
    enroll("f1");
    settle();
    enroll("f2");
    delete("f1");
    stop();
    start();
    follower.awaitSequence(ledger.sequence(), PATIENCE);
    assertThat(found("f1")).isEmpty();
    assertThat(found("f2")).containsExactly("f2");
    assertThat(gallery.unsettled()).isOne();
  }

  @Test
  void anotherGatewayFindsWhatOneHasSettledAndLetsGoOfIt() throws Exception {
    MilvusGallery other = new MilvusGallery(settings, ledger);
    try (GalleryFollower others = new GalleryFollower(ledger, other, POLL)) {
      enroll("f1");
      others.awaitSequence(ledger.sequence(), PATIENCE);
      settle();
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (other.settledPosition() < ledger.sequence() && System.nanoTime() < end) {
        Thread.sleep(50);
      }
      other.letGo(other.settledPosition());
      assertThat(other.unsettled()).isZero();
      assertThat(
              other.search(people, new Query(person("f1").vector(), MODEL, 1, 4, Optional.empty())))
          .hasSize(1);
    } finally {
      other.close();
    }
  }

  @Test
  void rebuiltCopyTakesThePlaceOfTheOther() throws Exception {
    enroll(IntStream.range(0, 50).mapToObj(i -> "f" + i).toArray(String[]::new));
    settle();
    gallery.letGo(gallery.settledPosition());
    try (Draft draft = gallery.draft(people)) {
      ledger
          .changes(people, 0, 1_000)
          .changes()
          .forEach(
              change -> {
                if (change instanceof Change.Enrolled enrolled) {
                  draft.upsert(List.of(new Entry(enrolled.sequence(), enrolled.vector())));
                }
              });
      draft.finish();
      assertThat(draft.count()).isEqualTo(50);
      draft.publish(ledger.sequence());
    }
    assertThat(found("f7")).containsExactly("f7");
    assertThat(gallery.kept(people)).get().satisfies(Draft::close);
    assertThat(gallery.kept(people)).isEmpty();
    assertThat(found("f7")).containsExactly("f7");
  }

  /** The lock is taken here as another gateway would. */
  @Test
  void copyIsBegunWhenWhoeverSettlesHasDone() throws Exception {
    enroll("f1");
    settle();
    SharedLock other = settlingOfAnother();
    CompletableFuture<Draft> begun = CompletableFuture.supplyAsync(() -> gallery.draft(people));
    Thread.sleep(1_000);
    assertThat(begun).isNotDone();
    other.close();
    try (Draft draft = begun.get(60, TimeUnit.SECONDS)) {
      assertThat(draft.count()).isZero();
      assertThat(ledger.tryLock(LOCK)).isEmpty();
    }
    settlingOfAnother().close();
  }

  @Test
  void copyThatServesAgainKeepsOthersFromSettlingMeanwhile() throws Exception {
    enroll("f1");
    settle();
    try (Draft draft = gallery.draft(people)) {
      draft.publish(ledger.sequence());
    }
    Draft kept = gallery.kept(people).orElseThrow();
    SharedLock other = settlingOfAnother(); // looking for it has kept nobody
    CompletableFuture<Void> published =
        CompletableFuture.runAsync(() -> kept.publish(ledger.sequence()));
    Thread.sleep(1_000);
    assertThat(published).isNotDone();
    other.close();
    published.get(60, TimeUnit.SECONDS);
    assertThat(ledger.tryLock(LOCK)).isEmpty();
    kept.release();
    settlingOfAnother().close();
    assertThat(found("f1")).containsExactly("f1");
  }

  private SharedLock settlingOfAnother() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      Optional<SharedLock> lock = ledger.tryLock(LOCK);
      if (lock.isPresent()) {
        return lock.get();
      }
      Thread.sleep(10);
    }
    throw new AssertionError("somebody settles for too long");
  }

  @Test
  void droppedCollectionIsDroppedThereToo() throws Exception {
    enroll("f1");
    settle();
    ledger.dropCollection(people.key(), true);
    follower.awaitSequence(ledger.sequence(), PATIENCE);
    assertThat(gallery.count(people)).isZero();
    settle();
    try (MilvusIndex index = new MilvusIndex(settings, ConsistencyLevel.STRONG)) {
      assertThat(index.refresh().places()).isEmpty();
    }
  }

  @Test
  void tooManyUnsettledFacesStopTheFollowerAndLoseNothing() throws Exception {
    stop();
    settings =
        new MilvusSettings(
            settings.server(),
            settings.index(),
            settings.calls(),
            new MilvusSettings.Tail(3, Duration.ofHours(1), 3, Duration.ofMillis(1)));
    start();
    assertThatThrownBy(() -> enrollQuickly("f1", "f2", "f3", "f4"))
        .isInstanceOf(GalleryException.class);
    // It hurries to settle what there is; a larger tail takes the rest.
    stop();
    settings = TestSettings.tail(settings, 1_000);
    start();
    follower.awaitSequence(ledger.sequence(), PATIENCE);
    assertThat(found("f4")).containsExactly("f4");
  }

  @Test
  void whatMilvusLostOrHasTooMuchIsMended() throws Exception {
    enroll("f1", "f2");
    settle();
    gallery.letGo(gallery.settledPosition());
    long lost = ledger.face(people, "f1").orElseThrow().sequence();
    long extra = lost - 1; // of no face
    try (MilvusIndex behindItsBack = new MilvusIndex(settings, ConsistencyLevel.STRONG)) {
      behindItsBack.refresh();
      behindItsBack.delete(people, List.of(lost));
      behindItsBack.upsert(people, List.of(new Entry(extra, person("extra").vector())));
    }

    gallery.mend(people, List.of(new Entry(lost, person("f1").vector())), List.of(extra));
    gallery.letGo(gallery.settledPosition());

    try (MilvusIndex afterwards = new MilvusIndex(settings, ConsistencyLevel.STRONG)) {
      afterwards.refresh();
      assertThat(afterwards.keys(people, 0, 10)).hasSize(2).contains(lost).doesNotContain(extra);
    }
    assertThat(found("f2")).containsExactly("f2");
  }

  /** A row that is replaced may be counted twice from then on; so none is. */
  @Test
  void nextWriterLeavesAloneWhatAnInterruptedOneHasWritten() throws Exception {
    enroll("f1");
    settle();
    long first = ledger.sequence() + 1;
    try (MilvusIndex interrupted = new MilvusIndex(settings, ConsistencyLevel.STRONG)) {
      interrupted.refresh();
      interrupted.reach(first + 1);
      interrupted.upsert(people, List.of(new Entry(first, person("written-before").vector())));
    }
    enroll("f2", "f3", "f4");
    settle();
    gallery.letGo(gallery.settledPosition());

    assertThat(ledger.face(people, "f2").orElseThrow().sequence()).isEqualTo(first);
    assertThat(gallery.keys(people, 0, 10)).hasSize(4);
    assertThat(found("f4")).containsExactly("f4");
    Query before = new Query(person("written-before").vector(), MODEL, 1, 1e-4f, Optional.empty());
    assertThat(gallery.search(people, before)).singleElement().extracting("key").isEqualTo(first);
  }

  @Test
  void copyThatTookOverIsNotWrittenAgainByWhoeverSettles() throws Exception {
    enroll("f1");
    settle();
    stop(); // nothing is settled now
    enrollBehind("f2");
    long second = ledger.sequence();
    try (MilvusIndex maker = new MilvusIndex(settings, ConsistencyLevel.STRONG)) {
      maker.refresh();
      try (Draft draft = maker.draft(people)) {
        draft.upsert(List.of(new Entry(second, person("of-the-copy").vector())));
        draft.publish(second);
      }
    }
    start();
    follower.awaitSequence(second, PATIENCE);
    settle();
    gallery.letGo(gallery.settledPosition());
    Query copied = new Query(person("of-the-copy").vector(), MODEL, 1, 1e-4f, Optional.empty());
    assertThat(gallery.search(people, copied)).singleElement().extracting("key").isEqualTo(second);
  }

  private void enrollBehind(String id) {
    ledger.enroll(people, enrollment("ada", person(id)));
  }

  private void enrollQuickly(String... ids) throws InterruptedException {
    NewFace[] faces = Arrays.stream(ids).map(MilvusGalleryTest::person).toArray(NewFace[]::new);
    ledger.enroll(people, enrollment("ada", faces));
    follower.awaitSequence(ledger.sequence(), Duration.ofSeconds(1));
  }
}
