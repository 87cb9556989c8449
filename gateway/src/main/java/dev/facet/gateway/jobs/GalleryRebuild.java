package dev.facet.gateway.jobs;

import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.gallery.Draft;
import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.GalleryFollower;
import dev.facet.gateway.ledger.Change;
import dev.facet.gateway.ledger.Changes;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.LedgerRefusal;
import dev.facet.gateway.ledger.LedgerRefusal.Reason;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Builds a collection's index anew from the ledger beside the one that serves, and changes the two.
 *
 * <p>The new one follows the ledger by itself until it has nearly caught up. Only the rest is
 * applied while the gallery stands still, so enrolments wait for a moment and searches not at all.
 */
public final class GalleryRebuild {
  private static final int PAGE = 1_000;
  private static final int SEARCHES = 1_000;

  private final Ledger ledger;
  private final Gallery gallery;
  private final GalleryFollower follower;

  public GalleryRebuild(Ledger ledger, Gallery gallery, GalleryFollower follower) {
    this.ledger = ledger;
    this.gallery = gallery;
    this.follower = follower;
  }

  /**
   * Rebuilds; the index that served is kept until {@link #confirm} or {@link #revert}.
   *
   * @throws Refusal SELF_SEARCH_FAILED when the new index does not find the faces in it; then it is
   *     gone, and the other serves on
   */
  public RebuildReport rebuild(FaceCollection collection, Progress progress) {
    progress.expect(ledger.statistics(collection).faces());
    Sample<Long> sample = new Sample<>(SEARCHES);
    try (Draft draft = gallery.draft(collection)) {
      long filled =
          fill(
              collection,
              draft,
              0,
              enrolled -> {
                sample.offer(enrolled);
                progress.add(1);
              });
      draft.finish();
      SelfSearch search =
          SelfSearch.of(ledger, collection, sample.chosen(), draft::search, progress);
      search.require();
      publish(collection, draft, filled, progress);
      return new RebuildReport(draft.count(), search.searched(), search.found());
    }
  }

  /**
   * Removes the index that a rebuild replaced.
   *
   * @throws Refusal NOTHING_KEPT
   */
  public void confirm(FaceCollection collection) {
    Draft kept = kept(collection);
    follower.still(_ -> kept.close());
  }

  /**
   * Lets the index serve again that a rebuild replaced, brought up to date, and removes the other.
   *
   * @throws Refusal NOTHING_KEPT
   */
  public void revert(FaceCollection collection, Progress progress) {
    Draft kept = kept(collection);
    try {
      publish(collection, kept, kept.followed(), progress);
    } finally {
      kept.release();
    }
    follower.still(_ -> gallery.kept(collection).ifPresent(Draft::close));
  }

  /**
   * Refuses what cannot be confirmed or reverted.
   *
   * @throws Refusal NOTHING_KEPT
   */
  public void requireKept(FaceCollection collection) {
    var _ = kept(collection);
  }

  private Draft kept(FaceCollection collection) {
    return gallery
        .kept(collection)
        .orElseThrow(
            () ->
                Refusal.of(
                    Status.Code.FAILED_PRECONDITION,
                    "NOTHING_KEPT",
                    "no index from before a rebuild is kept"));
  }

  private void publish(FaceCollection collection, Draft draft, long filled, Progress progress) {
    long nearly = fill(collection, draft, filled, _ -> progress.requireWanted());
    draft.finish();
    follower.still(_ -> draft.publish(fill(collection, draft, nearly, _ -> {})));
  }

  /**
   * Applies the changes after a sequence number, and returns up to which it has.
   *
   * @param enrolled hears of every face that was written
   */
  private long fill(FaceCollection collection, Draft draft, long after, LongConsumer enrolled) {
    long filled = after;
    while (true) {
      Changes page = ledger.changes(collection, filled, PAGE);
      apply(page.changes(), draft);
      filled = page.upTo();
      page.changes().stream()
          .filter(Change.Enrolled.class::isInstance)
          .mapToLong(Change::sequence)
          .forEach(enrolled);
      if (page.changes().size() < PAGE) {
        return filled;
      }
    }
  }

  private static void apply(List<Change> changes, Draft draft) {
    List<Entry> enrolled = new ArrayList<>();
    List<Long> deleted = new ArrayList<>();
    for (Change change : changes) {
      switch (change) {
        case Change.Enrolled(long key, _, _, var vector) -> enrolled.add(new Entry(key, vector));
        case Change.Deleted(_, _, _, long key) -> deleted.add(key);
        case Change.Dropped _ ->
            throw new LedgerRefusal(
                Reason.COLLECTION_NOT_FOUND, "the collection was dropped meanwhile");
      }
    }
    if (!enrolled.isEmpty()) {
      draft.upsert(enrolled);
    }
    if (!deleted.isEmpty()) {
      draft.delete(deleted);
    }
  }
}
