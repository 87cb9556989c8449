package dev.facet.gateway.gallery.milvus;

import static dev.facet.gateway.ledger.Samples.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.GalleryException;
import dev.facet.gateway.gallery.Hit;
import dev.facet.gateway.gallery.Query;
import dev.facet.gateway.ledger.CollectionKey;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Samples;
import dev.facet.gateway.ledger.UnitVector;
import dev.facet.gateway.testing.MilvusServer;
import dev.facet.gateway.testing.TcpProxy;
import io.milvus.v2.common.ConsistencyLevel;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** V08, V09, V11, V12: a Milvus that is away, silent, or back, behind a line that can be cut. */
@Execution(ExecutionMode.CONCURRENT)
class MilvusOutageTest {
  private static final Duration DEADLINE = Duration.ofMillis(800);
  private static final Duration REST = Duration.ofMillis(500);
  private static final FaceCollection PEOPLE =
      new FaceCollection(
          1,
          new CollectionKey("default", "people"),
          MODEL,
          2,
          Samples.DETAILS,
          Instant.EPOCH,
          Instant.EPOCH);

  private TcpProxy line;
  private MilvusIndex index;

  @BeforeEach
  void open() throws Exception {
    line = new TcpProxy(URI.create(MilvusServer.shared().uri()).getPort());
    MilvusSettings settings = TestSettings.on("http://127.0.0.1:" + line.port());
    MilvusSettings.Calls calls = settings.calls();
    index =
        new MilvusIndex(
            new MilvusSettings(
                settings.server(),
                settings.index(),
                new MilvusSettings.Calls(
                    DEADLINE, calls.write(), 1, calls.batch(), calls.failures(), REST),
                settings.tail()),
            ConsistencyLevel.BOUNDED);
    index.open(PEOPLE);
    index.upsert(PEOPLE, List.of(new Entry(1, UnitVector.of(1, 0))));
    // Searches at bounded staleness see it a little later.
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (search().isEmpty() && System.nanoTime() < end) {
      Thread.sleep(100);
    }
  }

  @AfterEach
  void close() throws Exception {
    if (index != null) {
      line.silence(false);
      index.forget();
      index.close();
      line.close();
    }
  }

  private List<Hit> search() {
    return index.search(PEOPLE, new Query(UnitVector.of(1, 0), MODEL, 1, 4, Optional.empty()));
  }

  /** How long a search takes that fails. */
  private Duration failing() {
    long begun = System.nanoTime();
    assertThatThrownBy(this::search).isInstanceOf(GalleryException.class);
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  @Test
  void silentMilvusCostsADeadlineAndThenNothing() throws Exception {
    line.silence(true);
    assertThat(failing()).isBetween(DEADLINE.dividedBy(2), DEADLINE.multipliedBy(3));
    while (index.isAnswering()) {
      var _ = failing();
    }
    for (int i = 0; i < 20; i++) {
      // Known to be dead: told at once. The bound is the fault catalogue's.
      assertThat(failing()).isLessThan(Duration.ofMillis(100));
    }
    line.silence(false);
    // A real search is the proof that it is back.
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    Optional<List<Hit>> back = Optional.empty();
    while (back.isEmpty() && System.nanoTime() < end) {
      Thread.sleep(50);
      try {
        back = Optional.of(search());
      } catch (GalleryException notYet) {
        back = Optional.empty();
      }
    }
    assertThat(back).contains(List.of(new Hit(1, 0)));
    assertThat(search()).hasSize(1);
    assertThat(index.isAnswering()).isTrue();
  }

  @Test
  void lineThatIsCutIsTakenUpAgain() throws Exception {
    line.cut();
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    List<Hit> hits = List.of();
    while (hits.isEmpty() && System.nanoTime() < end) {
      try {
        hits = search();
      } catch (GalleryException cut) {
        Thread.sleep(50);
      }
    }
    assertThat(hits).containsExactly(new Hit(1, 0));
  }

  @Test
  void unreachableMilvusIsToldAndNotWaitedFor() {
    MilvusSettings nowhere = TestSettings.on("http://127.0.0.1:1");
    try (MilvusIndex away =
        new MilvusIndex(
            new MilvusSettings(
                nowhere.server(),
                nowhere.index(),
                new MilvusSettings.Calls(DEADLINE, DEADLINE, 1, 500, 50, REST),
                nowhere.tail()),
            ConsistencyLevel.BOUNDED)) {
      assertThatThrownBy(away::position).isInstanceOf(GalleryException.class);
    }
  }
}
