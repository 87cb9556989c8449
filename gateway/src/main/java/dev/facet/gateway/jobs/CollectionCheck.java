package dev.facet.gateway.jobs;

import dev.facet.gateway.archive.Archive;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.GalleryFollower;
import dev.facet.gateway.jobs.Tally.Count;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Compares ledger, archive and gallery, face by face, while all of them are in use. */
public final class CollectionCheck {
  private final Ledger ledger;
  private final Archive archive;
  private final Gallery gallery;
  private final GalleryFollower follower;
  private final InstantSource clock;
  private final Duration orphanAge;

  /**
   * A check; nothing runs until it is asked to.
   *
   * @param orphanAge younger pictures without a face may be of an enrolment under way
   */
  public CollectionCheck(
      Ledger ledger,
      Archive archive,
      Gallery gallery,
      GalleryFollower follower,
      InstantSource clock,
      Duration orphanAge) {
    this.ledger = ledger;
    this.archive = archive;
    this.gallery = gallery;
    this.follower = follower;
    this.clock = clock;
    this.orphanAge = orphanAge;
  }

  /**
   * Checks collections, one after the other.
   *
   * @param repair puts into the gallery what is missing there, takes out what is extra, and removes
   *     pictures without a face
   */
  public CheckReport check(List<FaceCollection> collections, boolean repair, Progress progress)
      throws InterruptedException {
    Tally tally = new Tally();
    GalleryCheck galleries = new GalleryCheck(ledger, gallery, follower, repair, tally, progress);
    ArchiveCheck pictures =
        new ArchiveCheck(ledger, archive, clock, orphanAge, repair, tally, progress);
    for (FaceCollection collection : collections) {
      progress.expect(2 * ledger.statistics(collection).faces());
    }
    for (FaceCollection collection : collections) {
      galleries.check(collection);
      pictures.check(collection);
      tally.count(Count.COLLECTIONS, 1);
    }
    return tally.report();
  }
}
