package dev.facet.gateway.jobs;

import static dev.facet.gateway.ledger.Samples.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.gallery.Draft;
import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.ForwardingGallery;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.Hit;
import dev.facet.gateway.gallery.Query;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.NewFace;
import dev.facet.gateway.ledger.Samples;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GalleryRebuildTest {
  private Stores stores;
  private GalleryRebuild rebuild;

  @BeforeEach
  void open(@TempDir Path directory) {
    stores = new Stores(directory);
    rebuild = new GalleryRebuild(stores.ledger, stores.gallery, stores.follower);
    var _ =
        stores.ledger.enroll(
            stores.people,
            Samples.enrollment(
                "crowd",
                IntStream.range(0, 2_500)
                    .mapToObj(i -> Samples.face("f" + i))
                    .toArray(NewFace[]::new)));
    stores.awaitFollowed();
  }

  @AfterEach
  void close() {
    stores.close();
  }

  /** Whether a search by the face's vector finds a face at distance 0. */
  private boolean found(String id) {
    List<Hit> hits =
        stores.gallery.search(
            stores.people,
            new Query(Samples.vector(id), MODEL, 1, Float.POSITIVE_INFINITY, Optional.empty()));
    return !hits.isEmpty() && hits.getFirst().squaredDistance() < 1e-5;
  }

  private void refused(String reason, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
  }

  @Test
  void whatTheIndexLostIsThereAfterARebuild() {
    long lost = stores.enroll("lost");
    stores.gallery.delete(stores.people, List.of(lost));
    stores.ledger.deleteFace(stores.people, "f7");
    stores.awaitFollowed();
    assertThat(found("lost")).isFalse();

    RebuildReport report = rebuild.rebuild(stores.people, new Progress());

    assertThat(report).isEqualTo(new RebuildReport(2_500, 1_000, 1_000));
    assertThat(found("lost")).isTrue();
    assertThat(found("f7")).isFalse();
  }

  /** Searches never miss a face, and what is enrolled meanwhile is in the new index, too. */
  @Test
  void servingGoesOnAllTheTime() throws InterruptedException {
    AtomicBoolean going = new AtomicBoolean(true);
    AtomicLong missed = new AtomicLong();
    AtomicLong enrolled = new AtomicLong();
    Thread searcher =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; going.get(); i = (i + 1) % 2_500) {
                    missed.addAndGet(found("f" + i) ? 0 : 1);
                  }
                });
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (going.get()) {
                    var _ = stores.enroll("w" + enrolled.getAndIncrement());
                  }
                });
    try {
      for (int i = 0; i < 5; i++) {
        var _ = rebuild.rebuild(stores.people, new Progress());
        if (i % 2 == 0) {
          rebuild.confirm(stores.people);
        } else {
          rebuild.revert(stores.people, new Progress());
        }
      }
    } finally {
      going.set(false);
      searcher.join();
      writer.join();
    }
    assertThat(missed).hasValue(0);
    assertThat(stores.gallery.count(stores.people)).isEqualTo(2_500 + enrolled.get());
    for (int i = 0; i < enrolled.get(); i++) {
      assertThat(found("w" + i)).as("w%d", i).isTrue();
    }
  }

  @Test
  void theEarlierIndexIsKeptUntilItIsConfirmed() {
    refused("NOTHING_KEPT", () -> rebuild.confirm(stores.people));
    var _ = rebuild.rebuild(stores.people, new Progress());
    assertThat(stores.gallery.kept(stores.people)).isPresent();
    rebuild.confirm(stores.people);
    assertThat(stores.gallery.kept(stores.people)).isEmpty();
    refused("NOTHING_KEPT", () -> rebuild.requireKept(stores.people));
  }

  @Test
  void theEarlierIndexServesAgainAfterARevertAndHasWhatCameMeanwhile() {
    long lost = stores.enroll("lost");
    stores.gallery.delete(stores.people, List.of(lost));
    var _ = rebuild.rebuild(stores.people, new Progress());
    var _ = stores.enroll("meanwhile");
    stores.ledger.deleteFace(stores.people, "f7");
    stores.awaitFollowed();

    rebuild.revert(stores.people, new Progress());

    assertThat(found("lost")).isFalse(); // it is the earlier one indeed
    assertThat(found("meanwhile")).isTrue();
    assertThat(found("f7")).isFalse();
    assertThat(stores.gallery.kept(stores.people)).isEmpty();
    var _ = stores.enroll("afterwards");
    assertThat(found("afterwards")).isTrue();
  }

  @Test
  void aNewIndexThatLosesFacesIsRefused() {
    GalleryRebuild losing =
        new GalleryRebuild(stores.ledger, new LosingDrafts(stores.gallery), stores.follower);

    refused("SELF_SEARCH_FAILED", () -> losing.rebuild(stores.people, new Progress()));

    assertThat(found("f7")).isTrue();
    assertThat(stores.gallery.kept(stores.people)).isEmpty();
  }

  @Test
  void aCancelledRebuildChangesNothing() {
    Progress progress = new Progress();
    progress.stop();
    assertThatThrownBy(() -> rebuild.rebuild(stores.people, progress))
        .isInstanceOf(CancellationException.class);
    assertThat(stores.gallery.count(stores.people)).isEqualTo(2_500);
    assertThat(stores.gallery.kept(stores.people)).isEmpty();
  }

  /** Loses every hundredth of the faces that are written into a draft. */
  private static final class LosingDrafts extends ForwardingGallery {
    private final Gallery gallery;

    LosingDrafts(Gallery gallery) {
      this.gallery = gallery;
    }

    @Override
    protected Gallery gallery() {
      return gallery;
    }

    @Override
    public Draft draft(FaceCollection collection) {
      Draft draft = gallery.draft(collection);
      return new Draft() {
        @Override
        public long followed() {
          return draft.followed();
        }

        @Override
        public void upsert(List<Entry> entries) {
          draft.upsert(entries.stream().filter(entry -> entry.key() % 100 != 0).toList());
        }

        @Override
        public void delete(List<Long> keys) {
          draft.delete(keys);
        }

        @Override
        public void finish() {
          draft.finish();
        }

        @Override
        public List<Hit> search(Query query) {
          return draft.search(query);
        }

        @Override
        public long count() {
          return draft.count();
        }

        @Override
        public void publish(long followed) {
          draft.publish(followed);
        }

        @Override
        public void close() {
          draft.close();
        }
      };
    }
  }
}
