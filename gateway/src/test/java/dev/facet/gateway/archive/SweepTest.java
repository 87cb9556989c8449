package dev.facet.gateway.archive;

import static dev.facet.gateway.archive.Chips.chip;
import static dev.facet.gateway.ledger.Samples.enrollment;
import static dev.facet.gateway.ledger.Samples.face;
import static dev.facet.gateway.ledger.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.Samples;
import dev.facet.gateway.ledger.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link OrphanSweep} and {@link Purge} over real stores. */
class SweepTest {
  private static final Duration AGE = Duration.ofMinutes(10);

  @TempDir Path directory;

  private final SettableClock clock = new SettableClock();
  private Ledger ledger;
  private Archive archive;
  private FaceCollection people;
  private OrphanSweep sweep;

  @BeforeEach
  void open() {
    ledger = Ledger.sqlite(directory.resolve("ledger.db"), clock);
    archive = Archive.directory(directory.resolve("archive"), clock);
    people = Samples.collection(ledger);
    sweep = new OrphanSweep(ledger, archive, clock, AGE);
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  private String put(String faceId) {
    return archive.put(people.number(), faceId, chip(faceId));
  }

  private String enroll(String faceId) {
    String name = put(faceId);
    ledger.enroll(people, enrollment("ada", face(faceId, vector(faceId), "{}", Optional.of(name))));
    return name;
  }

  private boolean kept(String name) {
    return archive.get(people.number(), name).isPresent();
  }

  @Test
  void sweepRemovesOldChipsWithoutARow() {
    String live = enroll("f1");
    String repeated = enroll("f1");
    String orphan = put("f2");
    clock.advance(AGE.plusSeconds(1));
    String young = put("f3");

    assertThat(sweep.sweep()).isZero(); // it only looks
    assertThat(sweep.sweep()).isEqualTo(2);

    assertThat(kept(live)).isTrue();
    assertThat(kept(young)).isTrue();
    assertThat(kept(orphan)).isFalse();
    assertThat(kept(repeated)).isFalse();
    assertThat(sweep.sweep()).isZero();
  }

  @Test
  void sweepRemovesChipsOfACollectionThatIsNoMore() {
    String name = enroll("f1");
    ledger.dropCollection(people.key(), true);
    clock.advance(AGE.plusSeconds(1));
    assertThat(sweep.sweep()).isZero();
    assertThat(sweep.sweep()).isOne();
    assertThat(kept(name)).isFalse();
  }

  @Test
  void purgeWaitsForTheGallery() {
    String name = enroll("f1");
    long deleted = ledger.deleteFace(people, "f1").sequence();

    assertThat(new Purge(ledger, archive, () -> deleted - 1).purge()).isZero();
    assertThat(kept(name)).isTrue();
    assertThat(new Purge(ledger, archive, () -> deleted).purge()).isOne();
    assertThat(kept(name)).isFalse();
    assertThat(ledger.unpurged(10)).isEmpty();
  }

  @Test
  void purgeRemovesADroppedCollectionWhole() {
    String name = enroll("f1");
    long dropped = ledger.dropCollection(people.key(), true).sequence();
    assertThat(new Purge(ledger, archive, () -> dropped).purge()).isOne();
    assertThat(kept(name)).isFalse();
  }

  @Test
  void purgeLeavesAFaceEnrolledAgainAlone() {
    String old = enroll("f1");
    ledger.deleteFace(people, "f1");
    String anew = enroll("f1");
    new Purge(ledger, archive, ledger::sequence).purge();
    clock.advance(AGE.plusSeconds(1));
    sweep.sweep();
    sweep.sweep();
    assertThat(kept(old)).isFalse();
    assertThat(kept(anew)).isTrue();
  }

  /** V19: a chip is written, the clock jumps, a sweep runs, and only then there is a row. */
  @Test
  void pictureOfAnEnrolmentUnderWayOutlivesAClockThatJumpsADay() {
    sweep.sweep();
    String name = put("f1");
    clock.advance(Duration.ofDays(1));
    assertThat(sweep.sweep()).isZero();
    ledger.enroll(people, enrollment("ada", face("f1", vector("f1"), "{}", Optional.of(name))));
    assertThat(sweep.sweep()).isZero();
    assertThat(sweep.sweep()).isZero();
    assertThat(kept(name)).isTrue();
  }

  /** V19: put back, it makes pictures that nobody wants stay longer, until it has caught up. */
  @Test
  void clockThatIsPutBackKeepsOrphansLongerAndLosesNothing() {
    String orphan = put("f1");
    String live = enroll("f2");
    clock.advance(Duration.ofDays(-1));
    assertThat(sweep.sweep()).isZero();
    assertThat(sweep.sweep()).isZero();
    clock.advance(Duration.ofDays(1).plus(AGE).plusSeconds(1));
    assertThat(sweep.sweep()).isZero();
    assertThat(sweep.sweep()).isOne();
    assertThat(kept(orphan)).isFalse();
    assertThat(kept(live)).isTrue();
  }
}
