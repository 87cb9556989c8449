package dev.facet.gateway.jobs;

import dev.facet.gateway.archive.Archive;
import dev.facet.gateway.archive.Chips;
import dev.facet.gateway.gallery.ForwardingGallery;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.GalleryFollower;
import dev.facet.gateway.gallery.Hit;
import dev.facet.gateway.gallery.Query;
import dev.facet.gateway.gallery.scan.ScanGallery;
import dev.facet.gateway.ledger.EnrollOutcome.Stored;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.Samples;
import dev.facet.gateway.ledger.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Ledger, archive and gallery of a test, with one collection. */
final class Stores implements AutoCloseable {
  static final Duration LONG = Duration.ofSeconds(30);

  final SettableClock clock = new SettableClock();
  final Ledger ledger;
  final Archive archive;
  final BlindGallery gallery = new BlindGallery();
  final GalleryFollower follower;
  final FaceCollection people;

  Stores(Path directory) {
    ledger = Ledger.sqlite(directory.resolve("ledger.db"), clock);
    archive = Archive.directory(directory.resolve("archive"), clock);
    follower = new GalleryFollower(ledger, gallery, Duration.ofMillis(5));
    people = Samples.collection(ledger);
  }

  /** Enrols a face with a picture, waits until it can be found, and returns its key. */
  long enroll(String id) {
    String chip = archive.put(people.number(), id, Chips.chip(id));
    Stored stored =
        (Stored)
            ledger.enroll(
                people,
                Samples.enrollment(
                    "s-" + id, Samples.face(id, Samples.vector(id), "{}", Optional.of(chip))));
    awaitFollowed();
    return stored.sequence();
  }

  String chip(String id) {
    return ledger.face(people, id).orElseThrow().chip().orElseThrow();
  }

  void awaitFollowed() {
    try {
      follower.awaitSequence(ledger.sequence(), LONG);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    follower.close();
    gallery.close();
    ledger.close();
  }

  /** A gallery whose searches overlook some faces, as an approximate index may. */
  static final class BlindGallery extends ForwardingGallery {
    private final ScanGallery gallery = ScanGallery.inMemory();
    final Set<Long> overlooked = new HashSet<>();

    @Override
    protected Gallery gallery() {
      return gallery;
    }

    @Override
    public List<Hit> search(FaceCollection collection, Query query) {
      return super.search(collection, query).stream()
          .filter(hit -> !overlooked.contains(hit.key()))
          .toList();
    }
  }
}
