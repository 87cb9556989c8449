package dev.facet.gateway.jobs;

import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.GalleryException;
import dev.facet.gateway.gallery.GalleryFollower;
import dev.facet.gateway.gallery.GalleryKind;
import dev.facet.gateway.gallery.ServingGallery;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Lets a gallery of another kind serve.
 *
 * <p>It is filled from the ledger by a follower of its own while the other serves, and tried. Only
 * then, while nothing is followed, it takes the other's place, and the gateway's follower goes on
 * with it: applying a change twice does no harm, so it matters little that it is ahead. Searches
 * wait for nothing.
 *
 * <p>The choice stands in the ledger, so that a gateway that starts later, or runs beside this one,
 * makes it too.
 */
public final class GalleryMove {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final int PAGE = 100;
  private static final int SAMPLES = 100;
  private static final int SAMPLE = 10;

  private final Ledger ledger;
  private final ServingGallery serving;
  private final GalleryFollower follower;
  private final Function<GalleryKind, Gallery> galleries;

  /** One at a time. */
  private final ReentrantLock moving = new ReentrantLock();

  /**
   * A move that nobody has asked for yet.
   *
   * @param follower of the one that serves
   * @param galleries opens one of a kind, or refuses
   */
  public GalleryMove(
      Ledger ledger,
      ServingGallery serving,
      GalleryFollower follower,
      Function<GalleryKind, Gallery> galleries) {
    this.ledger = ledger;
    this.serving = serving;
    this.follower = follower;
    this.galleries = galleries;
  }

  /**
   * Moves this gateway, and tells the others to. A scan that is left is emptied; what Milvus has
   * stays there, because other gateways may still search it. One that serves already is only tried.
   *
   * @throws Refusal SELF_SEARCH_FAILED when the other gallery does not find the faces in it; or
   *     what opening it refuses with. Then the one before serves on.
   */
  public MoveReport move(GalleryKind to, Progress progress) throws InterruptedException {
    MoveReport report = follow(to, progress);
    ledger.chooseGallery(to.name());
    return report;
  }

  /** The same for a gateway that was told by another. */
  public MoveReport follow(GalleryKind to, Progress progress) throws InterruptedException {
    moving.lockInterruptibly();
    try {
      return serving.kind() == to ? tried(to, serving, follower, progress) : moved(to, progress);
    } finally {
      moving.unlock();
    }
  }

  private MoveReport moved(GalleryKind to, Progress progress) throws InterruptedException {
    Gallery gallery = galleries.apply(to);
    boolean serves = false;
    try (GalleryFollower ahead = new GalleryFollower(ledger, gallery, LOOK)) {
      fill(gallery, ahead, progress);
      MoveReport report = tried(to, gallery, ahead, progress);
      ServingGallery.Replaced before = replaced(to, gallery, ahead, progress);
      serves = true;
      leave(before.whenUnused(), to);
      return report;
    } finally {
      if (!serves) {
        gallery.close();
      }
    }
  }

  private void fill(Gallery gallery, GalleryFollower ahead, Progress progress)
      throws InterruptedException {
    long target = ledger.sequence();
    progress.expect(target);
    long done = 0;
    long answered = System.nanoTime();
    while (!ahead.reaches(target, LOOK)) {
      long position = Math.min(ahead.position(), target);
      progress.add(position - done);
      done = position;
      answered = gallery.isAnswering() ? System.nanoTime() : answered;
      if (System.nanoTime() - answered > SILENCE.toNanos()) {
        throw new GalleryException("the other gallery does not answer");
      }
    }
    progress.add(target - done);
    while (!gallery.settle(target, LOOK)) {
      progress.requireWanted();
    }
  }

  private MoveReport tried(
      GalleryKind kind, Gallery gallery, GalleryFollower its, Progress progress)
      throws InterruptedException {
    long faces = 0;
    int searched = 0;
    int found = 0;
    long after = 0;
    List<FaceCollection> page;
    do {
      page = ledger.collections(after, PAGE);
      for (FaceCollection collection : page) {
        Set<Long> sample = sample(collection);
        its.awaitSequence(sample.stream().mapToLong(Long::longValue).max().orElse(0), PATIENCE);
        SelfSearch search =
            SelfSearch.of(
                ledger, collection, sample, query -> gallery.search(collection, query), progress);
        search.require();
        searched += search.searched();
        found += search.found();
        faces += gallery.count(collection);
        after = collection.number();
      }
    } while (page.size() == PAGE);
    return new MoveReport(kind, faces, searched, found);
  }

  /** Faces from all times, as many as are searched in a rebuild. */
  private Set<Long> sample(FaceCollection collection) {
    long newest = ledger.sequence();
    Set<Long> sample = new HashSet<>();
    for (long i = 0; i < SAMPLES; i++) {
      ledger
          .faces(collection, Optional.empty(), newest * i / SAMPLES, SAMPLE)
          .forEach(face -> sample.add(face.sequence()));
    }
    return sample;
  }

  private ServingGallery.Replaced replaced(
      GalleryKind to, Gallery gallery, GalleryFollower ahead, Progress progress)
      throws InterruptedException {
    while (!serving.replacing().tryLock(LOOK.toNanos(), TimeUnit.NANOSECONDS)) {
      progress.requireWanted(); // jobs in the other one end first
    }
    try {
      follower.pause().lockInterruptibly();
      try {
        ahead.awaitSequence(follower.position(), PATIENCE);
        ahead.close();
        return serving.replace(to, gallery);
      } finally {
        follower.pause().unlock();
      }
    } finally {
      serving.replacing().unlock();
    }
  }

  /** Nobody follows the ledger for what is left, so what is deleted would stay in it. */
  private static void leave(Gallery before, GalleryKind to) {
    try {
      if (to == GalleryKind.MILVUS) {
        before.forget();
      }
    } finally {
      before.close();
    }
  }
}
