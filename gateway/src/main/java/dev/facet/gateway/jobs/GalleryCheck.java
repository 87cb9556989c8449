package dev.facet.gateway.jobs;

import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.GalleryFollower;
import dev.facet.gateway.jobs.CheckReport.Kind;
import dev.facet.gateway.jobs.Tally.Count;
import dev.facet.gateway.ledger.Face;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.LiveFace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares the gallery with the living faces of the ledger. */
final class GalleryCheck {
  /*
   * Enrolments and deletions go on during the check, and the gallery is always a little behind the
   * ledger. So the first comparison only names suspects, and each of them is looked at again in an
   * order that proves it. A face is missing if it lives after the gallery, having followed past its
   * enrolment, was seen without it. A key is extra if it was dead before the gallery was seen to
   * have followed to the newest change, and is there after: a key that is dead is so for ever.
   *
   * Mending writes while nothing is followed, what the ledger says at that moment: a face deleted
   * later is still to be followed, and goes then.
   */
  private static final int PAGE = 1_000;
  private static final int SUSPECTS = 500;
  private static final int SEARCHES = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Ledger ledger;
  private final Gallery gallery;
  private final GalleryFollower follower;
  private final boolean repair;
  private final Tally tally;
  private final Progress progress;

  GalleryCheck(
      Ledger ledger,
      Gallery gallery,
      GalleryFollower follower,
      boolean repair,
      Tally tally,
      Progress progress) {
    this.ledger = ledger;
    this.gallery = gallery;
    this.follower = follower;
    this.repair = repair;
    this.tally = tally;
    this.progress = progress;
  }

  void check(FaceCollection collection) throws InterruptedException {
    List<Long> missing = new ArrayList<>();
    List<Long> extra = new ArrayList<>();
    Sample<Long> sample = new Sample<>(SEARCHES);
    compare(collection, missing, extra, sample);
    for (List<Long> suspects : pages(missing)) {
      missing(collection, suspects);
    }
    for (List<Long> suspects : pages(extra)) {
      extra(collection, suspects);
    }
    tally.count(Count.GALLERY_FACES, gallery.count(collection));
    search(
        collection,
        sample.chosen().stream()
            .filter(key -> repair || Collections.binarySearch(missing, key) < 0)
            .toList());
  }

  private void compare(
      FaceCollection collection, List<Long> missing, List<Long> extra, Sample<Long> sample) {
    KeyCursor cursor = new KeyCursor(gallery, collection);
    long inGallery = cursor.atLeast(1);
    long after = 0;
    List<Face> page;
    do {
      page = ledger.faces(collection, Optional.empty(), after, PAGE);
      for (Face face : page) {
        after = face.sequence();
        for (; inGallery < after; inGallery = cursor.atLeast(inGallery + 1)) {
          extra.add(inGallery);
        }
        if (inGallery == after) {
          inGallery = cursor.atLeast(after + 1);
        } else {
          missing.add(after);
        }
        sample.offer(after);
      }
      tally.count(Count.FACES, page.size());
      progress.add(page.size());
    } while (page.size() == PAGE);
    for (; inGallery != KeyCursor.NONE; inGallery = cursor.atLeast(inGallery + 1)) {
      extra.add(inGallery);
    }
  }

  private void missing(FaceCollection collection, List<Long> suspects) throws InterruptedException {
    follower.awaitSequence(suspects.getLast(), PATIENCE);
    KeyCursor cursor = new KeyCursor(gallery, collection);
    List<Long> absent = suspects.stream().filter(key -> !cursor.has(key)).toList();
    Map<Long, LiveFace> missing = ledger.live(collection, absent);
    if (repair && !missing.isEmpty()) {
      follower.still(_ -> put(collection, missing.keySet()));
    }
    tally.found(
        Kind.MISSING_IN_GALLERY,
        collection.key().collectionId(),
        missing.values().stream().map(LiveFace::faceId).toList(),
        repair ? missing.size() : 0);
    progress.requireWanted();
  }

  private void put(FaceCollection collection, Set<Long> keys) {
    gallery.open(collection);
    gallery.mend(
        collection,
        ledger.vectors(collection, keys).entrySet().stream()
            .map(face -> new Entry(face.getKey(), face.getValue()))
            .toList(),
        List.of());
  }

  private void extra(FaceCollection collection, List<Long> suspects) throws InterruptedException {
    Set<Long> live = ledger.live(collection, suspects).keySet();
    follower.awaitSequence(ledger.sequence(), PATIENCE);
    KeyCursor cursor = new KeyCursor(gallery, collection);
    List<Long> extra =
        suspects.stream().filter(key -> !live.contains(key) && cursor.has(key)).toList();
    if (repair && !extra.isEmpty()) {
      follower.still(_ -> gallery.mend(collection, List.of(), extra));
    }
    tally.found(
        Kind.EXTRA_IN_GALLERY,
        collection.key().collectionId(),
        extra.stream().map(Object::toString).toList(),
        repair ? extra.size() : 0);
    progress.requireWanted();
  }

  /** Only what the gallery has, so that nothing is found twice. */
  private void search(FaceCollection collection, List<Long> sample) throws InterruptedException {
    follower.awaitSequence(sample.stream().mapToLong(Long::longValue).max().orElse(0), PATIENCE);
    SelfSearch outcome =
        SelfSearch.of(
            ledger, collection, sample, query -> gallery.search(collection, query), progress);
    tally.count(Count.SEARCHED, outcome.searched());
    tally.found(
        Kind.NOT_FOUND_BY_SEARCH,
        collection.key().collectionId(),
        ledger.live(collection, outcome.unfound()).values().stream().map(LiveFace::faceId).toList(),
        0);
  }

  private static List<List<Long>> pages(List<Long> keys) {
    List<List<Long>> pages = new ArrayList<>();
    for (int start = 0; start < keys.size(); start += SUSPECTS) {
      pages.add(keys.subList(start, Math.min(start + SUSPECTS, keys.size())));
    }
    return pages;
  }
}
