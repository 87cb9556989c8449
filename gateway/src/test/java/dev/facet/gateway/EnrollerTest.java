package dev.facet.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.archive.Archive;
import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.ForwardingGallery;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.GalleryFollower;
import dev.facet.gateway.gallery.scan.ScanGallery;
import dev.facet.gateway.ledger.CollectionDetails;
import dev.facet.gateway.ledger.CollectionKey;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.ModelId;
import dev.facet.gateway.ledger.UnitVector;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrollerTest {
  private static final ModelId MODEL = new ModelId("fake", "1", "a".repeat(64), "b".repeat(64));

  @TempDir Path data;

  @Test
  void faceThatTheGalleryHasNotFollowedIsStoredAndTheSameRequestCompletesIt() {
    CountDownLatch gate = new CountDownLatch(1);
    try (Ledger ledger = Ledger.sqlite(data.resolve("ledger.db"), InstantSource.system());
        Gallery gallery = new GatedGallery(gate);
        GalleryFollower follower = new GalleryFollower(ledger, gallery, Duration.ofHours(1))) {
      ledger.createTenant("default");
      FaceCollection collection =
          ledger.createCollection(
              new CollectionKey("default", "c"),
              MODEL,
              2,
              new CollectionDetails("", 1, Optional.empty(), "{}"));

      Refusal refusal =
          catchThrowableOfType(
              Refusal.class, () -> enroll(ledger, follower, Duration.ofNanos(1), collection));
      assertThat(Objects.requireNonNull(refusal).code()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(refusal.reason()).isEqualTo("GALLERY_BEHIND");
      assertThat(refusal.retryAfter()).isPresent();
      String faceId = refusal.facts().get("face_id");
      assertThat(ledger.face(collection, Objects.requireNonNull(faceId))).isPresent();

      gate.countDown();
      Enroller.Result completed = enroll(ledger, follower, Duration.ofMinutes(1), collection);
      assertThat(completed.replayed()).isTrue();
      assertThat(completed.faces()).extracting(e -> e.face().faceId()).containsExactly(faceId);
      assertThat(gallery.count(collection)).isEqualTo(1);
    }
  }

  private Enroller.Result enroll(
      Ledger ledger, GalleryFollower follower, Duration patience, FaceCollection collection) {
    EmbeddingModels none = new EmbeddingModels(List::of);
    Enroller enroller =
        new Enroller(
            new Probes(new FaceFinder(Unasked.DETECTOR, Unasked.EMBEDDER), none, ledger),
            ledger,
            Archive.directory(data.resolve("archive"), InstantSource.system()),
            new GalleryWait(follower, patience));
    return enroller.enroll(
        collection,
        new Enroller.Order(
            "ada",
            Optional.empty(),
            new Probe.OfVector(UnitVector.of(1, 0), MODEL),
            "digest",
            Optional.empty(),
            "",
            "{}",
            "",
            true,
            Optional.empty()),
        Call.interactive());
  }

  /** Services that a vector must not need: nothing listens there. */
  private static final class Unasked {
    static final DetectorClient DETECTOR;
    static final EmbedderClient EMBEDDER;

    static {
      var nowhere =
          io.grpc.Grpc.newChannelBuilder("127.0.0.1:1", io.grpc.InsecureChannelCredentials.create())
              .build();
      DETECTOR = new DetectorClient(nowhere, Duration.ZERO);
      EMBEDDER = new EmbedderClient(nowhere);
    }
  }

  /** Takes no vector until its gate is open. */
  private static final class GatedGallery extends ForwardingGallery {
    private final ScanGallery scan = ScanGallery.inMemory();
    private final CountDownLatch gate;

    GatedGallery(CountDownLatch gate) {
      this.gate = gate;
    }

    @Override
    protected Gallery gallery() {
      return scan;
    }

    @Override
    public void upsert(FaceCollection collection, List<Entry> entries) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      super.upsert(collection, entries);
    }
  }
}
