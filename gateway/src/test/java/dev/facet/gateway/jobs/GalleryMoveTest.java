package dev.facet.gateway.jobs;

import static dev.facet.gateway.ledger.Samples.MODEL;
import static dev.facet.gateway.ledger.Samples.enrollment;
import static dev.facet.gateway.ledger.Samples.face;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.gallery.FaceMatch;
import dev.facet.gateway.gallery.FaceQuery;
import dev.facet.gateway.gallery.FaceSearch;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.GalleryException;
import dev.facet.gateway.gallery.GalleryFollower;
import dev.facet.gateway.gallery.GalleryKind;
import dev.facet.gateway.gallery.ServingGallery;
import dev.facet.gateway.gallery.milvus.MilvusGallery;
import dev.facet.gateway.gallery.milvus.MilvusIndex;
import dev.facet.gateway.gallery.milvus.MilvusSettings;
import dev.facet.gateway.gallery.milvus.TestSettings;
import dev.facet.gateway.gallery.scan.ScanGallery;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.FaceFilter;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.NewFace;
import dev.facet.gateway.ledger.Samples;
import dev.facet.gateway.ledger.SettableClock;
import dev.facet.gateway.testing.MilvusServer;
import dev.facet.gateway.testing.TcpProxy;
import io.milvus.v2.common.ConsistencyLevel;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A gateway's stores while another gallery takes the place of the one that serves. */
@Execution(ExecutionMode.CONCURRENT)
class GalleryMoveTest {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(3);
  private static final int STAYING = 1_500;

  @TempDir Path directory;

  private Ledger ledger;
  private FaceCollection people;
  private ServingGallery serving;
  private GalleryFollower follower;
  private FaceSearch search;

  @BeforeEach
  void open() {
    ledger = Ledger.sqlite(directory.resolve("ledger.db"), new SettableClock());
    people = Samples.collection(ledger);
    serving = new ServingGallery(GalleryKind.SCAN, scan());
    follower = new GalleryFollower(ledger, serving, POLL);
    search = new FaceSearch(ledger, serving);
  }

  @AfterEach
  void close() {
    follower.close();
    serving.close();
    ledger.close();
  }

  private Gallery scan() {
    return ScanGallery.in(directory.resolve("gallery"), ledger.identity(), 2);
  }

  private static NewFace person(String id) {
    return face(id, Samples.vector(id), "{}", Optional.empty());
  }

  private void enroll(String prefix, int count) {
    ledger.enroll(
        people,
        enrollment(
            prefix,
            IntStream.range(0, count).mapToObj(i -> person(prefix + i)).toArray(NewFace[]::new)));
  }

  private boolean finds(String id) {
    FaceQuery query = new FaceQuery(person(id).vector(), MODEL, 1, 1e-4f, false, FaceFilter.ALL);
    return search.search(people, query).matches().stream()
        .map(FaceMatch::faceId)
        .toList()
        .equals(List.of(id));
  }

  private GalleryMove move(MilvusSettings milvus) {
    return new GalleryMove(
        ledger,
        serving,
        follower,
        kind -> kind == GalleryKind.SCAN ? scan() : new MilvusGallery(milvus, ledger));
  }

  /** While faces come, go and are searched; none that stays is missed by any search. */
  @Test
  void movesToMilvusAndBack() throws Exception {
    MilvusSettings milvus = TestSettings.on(MilvusServer.shared().uri());
    enroll("staying", STAYING);
    follower.awaitSequence(ledger.sequence(), PATIENCE);
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> searches = users.submit(() -> searchUntil(over));
      Future<Integer> passing = users.submit(() -> comeAndGoUntil(over));
      try {
        assertThat(move(milvus).move(GalleryKind.MILVUS, new Progress()))
            .extracting(MoveReport::kind, MoveReport::searched, MoveReport::found)
            .satisfies(report -> assertThat(report.get(1)).isEqualTo(report.get(2)));
        assertThat(serving.kind()).isEqualTo(GalleryKind.MILVUS);
        assertThat(ledger.chosenGallery()).contains("MILVUS");
        assertThat(filesOf("gallery")).isEmpty();

        move(milvus).move(GalleryKind.SCAN, new Progress());
        assertThat(serving.kind()).isEqualTo(GalleryKind.SCAN);
        assertThat(ledger.chosenGallery()).contains("SCAN");
      } finally {
        over.set(true);
      }
      assertThat(searches.get()).isPositive();
      assertThat(passing.get()).isPositive();
      follower.awaitSequence(ledger.sequence(), PATIENCE);
      assertThat(serving.count(people)).isEqualTo(ledger.statistics(people).faces());
      assertThat(finds("passing0")).isFalse();
    } finally {
      try (MilvusIndex index = new MilvusIndex(milvus, ConsistencyLevel.STRONG)) {
        index.forget();
      }
    }
  }

  /** The way out when Milvus is lost: what it was asked last is still under way. */
  @Test
  void movesAwayFromAMilvusThatIsSilent() throws Exception {
    try (TcpProxy line = new TcpProxy(URI.create(MilvusServer.shared().uri()).getPort())) {
      MilvusSettings milvus = TestSettings.on("http://127.0.0.1:" + line.port());
      enroll("staying", 50);
      follower.awaitSequence(ledger.sequence(), PATIENCE);
      move(milvus).move(GalleryKind.MILVUS, new Progress());
      line.silence(true);
      try (ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Boolean> asked = users.submit(() -> finds("staying7"));
        enroll("meanwhile", 1);

        assertThat(move(milvus).move(GalleryKind.SCAN, new Progress()).faces()).isEqualTo(51);

        assertThat(asked.exceptionNow()).isInstanceOf(GalleryException.class);
        assertThat(finds("staying7")).isTrue();
        assertThat(finds("meanwhile0")).isTrue();
      } finally {
        line.silence(false);
        try (MilvusIndex index = new MilvusIndex(milvus, ConsistencyLevel.STRONG)) {
          index.forget();
        }
      }
    }
  }

  private int searchUntil(AtomicBoolean over) throws InterruptedException {
    int searches = 0;
    for (; !over.get(); searches++) {
      String id = "staying" + searches * 7 % STAYING;
      assertThat(finds(id)).as(id).isTrue();
      Thread.sleep(PAUSE);
    }
    return searches;
  }

  private int comeAndGoUntil(AtomicBoolean over) throws InterruptedException {
    int passed = 0;
    for (; !over.get(); passed++) {
      String id = "passing" + passed;
      ledger.enroll(people, enrollment("passing", person(id)));
      ledger.deleteFace(people, id);
      Thread.sleep(PAUSE);
    }
    return passed;
  }

  private List<Path> filesOf(String folder) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(folder))) {
      return files.filter(file -> file.toString().matches(".*\\.(vectors|faces)")).toList();
    }
  }

  @Test
  void aGalleryThatOverlooksFacesDoesNotServe() throws Exception {
    enroll("staying", 20);
    follower.awaitSequence(ledger.sequence(), PATIENCE);
    Stores.BlindGallery blind = new Stores.BlindGallery();
    blind.overlooked.add(ledger.face(people, "staying3").orElseThrow().sequence());
    GalleryMove move = new GalleryMove(ledger, serving, follower, _ -> blind);

    assertThatThrownBy(() -> move.move(GalleryKind.MILVUS, new Progress()))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo("SELF_SEARCH_FAILED"));

    assertThat(serving.kind()).isEqualTo(GalleryKind.SCAN);
    assertThat(ledger.chosenGallery()).isEmpty();
    enroll("later", 1);
    follower.awaitSequence(ledger.sequence(), PATIENCE);
    assertThat(finds("staying3")).isTrue();
    assertThat(finds("later0")).isTrue();
  }

  @Test
  void theGalleryThatServesIsOnlyTried() throws Exception {
    enroll("staying", 20);
    follower.awaitSequence(ledger.sequence(), PATIENCE);
    MoveReport report =
        new GalleryMove(
                ledger,
                serving,
                follower,
                _ -> {
                  throw new AssertionError("nothing is to be opened");
                })
            .move(GalleryKind.SCAN, new Progress());
    assertThat(report).isEqualTo(new MoveReport(GalleryKind.SCAN, 20, 20, 20));
  }

  /** As for the jobs that must end in the gallery that they began in. */
  @Test
  void aMoveWaitsForWorkInTheOtherGallery() throws Exception {
    enroll("staying", 20);
    Gallery next = ScanGallery.inMemory();
    GalleryMove move = new GalleryMove(ledger, serving, follower, _ -> next);
    serving.steady().lock();
    try (ExecutorService mover = Executors.newSingleThreadExecutor()) {
      Future<MoveReport> moved = mover.submit(() -> move.move(GalleryKind.MILVUS, new Progress()));
      while (next.position() < ledger.sequence()) {
        Thread.sleep(POLL);
      }
      assertThat(serving.kind()).isEqualTo(GalleryKind.SCAN);
      serving.steady().unlock();
      assertThat(moved.get().faces()).isEqualTo(20);
      assertThat(serving.kind()).isEqualTo(GalleryKind.MILVUS);
    }
    assertThat(finds("staying7")).isTrue();
  }
}
