package dev.facet.gateway.gallery;

import static dev.facet.gateway.ledger.Samples.MODEL;
import static dev.facet.gateway.ledger.Samples.enroll;
import static dev.facet.gateway.ledger.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.FaceFilter;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.NewFace;
import dev.facet.gateway.ledger.Samples;
import dev.facet.gateway.ledger.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GalleryFollowerTest {
  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  @TempDir Path directory;

  private final FlakyGallery gallery = new FlakyGallery();
  private Ledger ledger;
  private FaceCollection people;

  @BeforeEach
  void open() {
    ledger = Ledger.sqlite(directory.resolve("ledger.db"), new SettableClock());
    people = Samples.collection(ledger);
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  /** The faces with the vector that the text stands for, by the ids that the ledger knows. */
  private List<String> found(String text) {
    FaceQuery query = new FaceQuery(vector(text), MODEL, 1, 1e-6f, false, FaceFilter.ALL);
    return new FaceSearch(ledger, gallery)
        .search(people, query).matches().stream().map(FaceMatch::faceId).toList();
  }

  @Test
  void startCatchesUpWithEverything() throws InterruptedException {
    NewFace[] crowd =
        IntStream.range(0, 1_200).mapToObj(i -> Samples.face("f" + i)).toArray(NewFace[]::new);
    ledger.enroll(people, Samples.enrollment("crowd", crowd));
    long deleted = ledger.deleteFace(people, "f7").sequence();
    try (GalleryFollower follower = new GalleryFollower(ledger, gallery, NEVER)) {
      follower.awaitSequence(deleted, NEVER);
      assertThat(gallery.count(people)).isEqualTo(1_199);
      assertThat(found("f7")).isEmpty();
      assertThat(found("f1199")).containsExactly("f1199");
      assertThat(follower.position()).isEqualTo(ledger.sequence());
    }
  }

  @Test
  void commitIsFollowedWithoutPolling() throws InterruptedException {
    try (GalleryFollower follower = new GalleryFollower(ledger, gallery, NEVER)) {
      follower.awaitSequence(enroll(ledger, people, "ada", "f1"), NEVER);
      assertThat(found("f1")).containsExactly("f1");
      follower.awaitSequence(ledger.deleteFace(people, "f1").sequence(), NEVER);
      assertThat(found("f1")).isEmpty();
      follower.awaitSequence(enroll(ledger, people, "ada", "f1"), NEVER);
      follower.awaitSequence(ledger.dropCollection(people.key(), true).sequence(), NEVER);
      assertThat(gallery.count(people)).isZero();
    }
  }

  @Test
  void changesOfAnotherProcessAreFoundByPolling() throws InterruptedException {
    try (GalleryFollower follower = new GalleryFollower(ledger, gallery, AT_ONCE);
        Ledger other = Ledger.sqlite(directory.resolve("ledger.db"), new SettableClock())) {
      follower.awaitSequence(enroll(other, people, "ada", "f1"), NEVER);
      assertThat(found("f1")).containsExactly("f1");
    }
  }

  @Test
  void failedGalleryIsBehindUntilItWorksAgain() throws InterruptedException {
    gallery.fail(true);
    try (GalleryFollower follower = new GalleryFollower(ledger, gallery, AT_ONCE)) {
      long sequence = enroll(ledger, people, "ada", "f1");
      assertThatThrownBy(() -> follower.awaitSequence(sequence, AT_ONCE))
          .isInstanceOf(GalleryBehindException.class);
      gallery.fail(false);
      follower.awaitSequence(sequence, NEVER);
      assertThat(found("f1")).containsExactly("f1");
    }
  }

  @Test
  void galleryThatLostItsPlaceIsFollowedAnew() throws InterruptedException {
    try (GalleryFollower follower = new GalleryFollower(ledger, gallery, AT_ONCE)) {
      follower.awaitSequence(enroll(ledger, people, "ada", "f1", "f2"), NEVER);
      gallery.lose();
      follower.awaitSequence(enroll(ledger, people, "ada", "f3"), NEVER);
      assertThat(gallery.count(people)).isEqualTo(3);
    }
  }

  @Test
  void galleryOfALostFutureIsEmptied() throws InterruptedException {
    gallery.open(people);
    gallery.upsert(people, List.of(new Entry(9_000, vector("f9"))));
    gallery.advance(9_000);
    try (GalleryFollower follower = new GalleryFollower(ledger, gallery, AT_ONCE)) {
      follower.awaitSequence(enroll(ledger, people, "ada", "f1"), NEVER);
      assertThat(gallery.count(people)).isOne();
      assertThat(found("f1")).containsExactly("f1");
    }
  }

  @Test
  void closedFollowerLetsNobodyWait() {
    GalleryFollower follower = new GalleryFollower(ledger, gallery, NEVER);
    follower.close();
    assertThatThrownBy(() -> follower.awaitSequence(Long.MAX_VALUE, NEVER))
        .isInstanceOf(GalleryBehindException.class);
  }
}
