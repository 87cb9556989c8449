package dev.facet.gateway.gallery.milvus;

import static dev.facet.gateway.ledger.Samples.MODEL;
import static dev.facet.gateway.ledger.Samples.enrollment;
import static dev.facet.gateway.ledger.Samples.face;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.gateway.gallery.FaceMatch;
import dev.facet.gateway.gallery.FaceQuery;
import dev.facet.gateway.gallery.FaceSearch;
import dev.facet.gateway.gallery.GalleryBehindException;
import dev.facet.gateway.gallery.GalleryException;
import dev.facet.gateway.gallery.GalleryFollower;
import dev.facet.gateway.ledger.CollectionKey;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.FaceFilter;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.NewFace;
import dev.facet.gateway.ledger.Samples;
import dev.facet.gateway.ledger.SettableClock;
import dev.facet.gateway.testing.MilvusServer;
import io.milvus.v2.common.ConsistencyLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * V10: a Milvus that takes nothing in, or little, and answers searches: the real engine's quotas.
 */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(MilvusDenialTest.DENY) // one test after the other
class MilvusDenialTest {
  static final String DENY = "quotaAndLimits.limitWriting.forceDeny";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int DIMENSION = 64;

  @TempDir private static Path engine;

  /** Of its own: nobody else can write meanwhile. */
  private static @Nullable MilvusServer own;

  @TempDir Path directory;

  private MilvusServer server;
  private MilvusSettings settings;
  private Ledger ledger;
  private FaceCollection people;
  private MilvusGallery gallery;
  private GalleryFollower follower;

  @AfterAll
  static void stop() {
    if (own != null) {
      own.close();
    }
  }

  @BeforeEach
  void open() {
    if (own == null) {
      own = MilvusServer.own(engine); // or skips
    }
    server = own;
    MilvusSettings standard = TestSettings.on(server.uri());
    settings =
        new MilvusSettings(
            standard.server(),
            standard.index(),
            standard.calls(),
            new MilvusSettings.Tail(1_000, Duration.ofSeconds(1), 3_000, Duration.ofSeconds(1)));
    ledger = Ledger.sqlite(directory.resolve("ledger.db"), new SettableClock());
    ledger.createTenant("default");
    people =
        ledger.createCollection(
            new CollectionKey("default", "people"), MODEL, DIMENSION, Samples.DETAILS);
    gallery = new MilvusGallery(settings, ledger);
    follower = new GalleryFollower(ledger, gallery, Duration.ofMillis(200));
  }

  @AfterEach
  void close() throws IOException {
    if (ledger == null) {
      return; // there is no Milvus
    }
    server.set(DENY, "false");
    follower.close();
    gallery.close();
    ledger.close();
    try (MilvusIndex index = new MilvusIndex(settings, ConsistencyLevel.STRONG)) {
      index.forget();
    }
  }

  private static NewFace person(String id) {
    return face(id, Samples.vector(new Random(id.hashCode()), DIMENSION), "{}", Optional.empty());
  }

  private void enroll(String name, int first, int many) throws InterruptedException {
    NewFace[] faces =
        IntStream.range(first, first + many)
            .mapToObj(i -> person(name + i))
            .toArray(NewFace[]::new);
    ledger.enroll(people, enrollment(name, faces));
    follower.awaitSequence(ledger.sequence(), Duration.ofSeconds(10));
  }

  private boolean isFound(String id) {
    FaceQuery query = new FaceQuery(person(id).vector(), MODEL, 1, 1e-4f, false, FaceFilter.ALL);
    return new FaceSearch(ledger, gallery)
        .search(people, query).matches().stream().map(FaceMatch::faceId).toList().contains(id);
  }

  private void requireFound(String name, int many) {
    for (int i = 0; i < many; i += 1 + many / 50) {
      assertThat(isFound(name + i)).as(name + i).isTrue();
    }
  }

  private void awaitSettled(long position) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (gallery.settledPosition() < position && System.nanoTime() < end) {
      Thread.sleep(50);
    }
    assertThat(gallery.settledPosition()).isGreaterThanOrEqualTo(position);
  }

  /** A write of its own, until it fails. */
  private GalleryException awaitDenial() throws InterruptedException {
    try (MilvusIndex index = new MilvusIndex(once(), ConsistencyLevel.STRONG)) {
      index.open(people);
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < end) {
        try {
          index.delete(people, List.of(Long.MAX_VALUE - 1)); // of nobody
        } catch (GalleryException denied) {
          return denied;
        }
        Thread.sleep(100);
      }
      throw new AssertionError("the engine does not deny writes");
    }
  }

  private MilvusSettings once() {
    MilvusSettings.Calls calls = settings.calls();
    return new MilvusSettings(
        settings.server(),
        settings.index(),
        new MilvusSettings.Calls(
            calls.search(), calls.write(), 1, calls.batch(), calls.failures(), calls.rest()),
        settings.tail());
  }

  @Test
  void nothingIsLostWhileMilvusDeniesWritesAndSearchesGoOn() throws Exception {
    enroll("old", 0, 100);
    awaitSettled(ledger.sequence());
    gallery.letGo(gallery.settledPosition());
    server.set(DENY, "true");
    assertThat(awaitDenial()).hasStackTraceContaining("deactivated");
    long denied = gallery.settledPosition();

    enroll("new", 0, 500);
    follower.awaitSequence(ledger.deleteFace(people, "old7").sequence(), PATIENCE);
    Thread.sleep(6_000); // some attempts to settle
    assertThat(gallery.settledPosition()).isEqualTo(denied);
    assertThat(gallery.isAnswering()).isTrue();
    requireFound("new", 500);
    requireFound("old", 7);
    assertThat(isFound("old7")).isFalse();
    assertThat(gallery.count(people)).isEqualTo(599);

    server.set(DENY, "false");
    awaitSettled(ledger.sequence());
    gallery.letGo(gallery.settledPosition());
    assertThat(gallery.unsettled()).isZero();
    requireFound("new", 500);
    requireFound("old", 7);
    assertThat(isFound("old7")).isFalse();
    assertThat(gallery.count(people)).isEqualTo(599);
  }

  @Test
  void fullTailIsToldAndWhatItHadNoRoomForIsTakenWhenMilvusTakesSome() throws Exception {
    enroll("a", 0, 1_000);
    awaitSettled(ledger.sequence());
    server.set(DENY, "true");
    var _ = awaitDenial();
    gallery.letGo(gallery.settledPosition());

    enroll("b", 0, 1_500);
    enroll("c", 0, 1_000);
    assertThatThrownBy(() -> enroll("d", 0, 1_000)).isInstanceOf(GalleryBehindException.class);
    requireFound("a", 1_000);
    requireFound("b", 1_500);
    requireFound("c", 1_000);

    server.set(DENY, "false");
    follower.awaitSequence(ledger.sequence(), PATIENCE);
    requireFound("d", 1_000);
    awaitSettled(ledger.sequence());
    requireFound("b", 1_500);
    requireFound("d", 1_000);
    assertThat(gallery.count(people)).isEqualTo(4_500);
  }
}
