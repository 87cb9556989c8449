package dev.facet.gateway.jobs;

import dev.facet.gateway.archive.Archive;
import dev.facet.gateway.archive.ChipDamagedException;
import dev.facet.gateway.archive.StoredChip;
import dev.facet.gateway.jobs.CheckReport.Kind;
import dev.facet.gateway.jobs.Tally.Count;
import dev.facet.gateway.ledger.Face;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Compares the archive with the pictures that the living faces of the ledger name.
 *
 * <p>The archive is listed first, so a face enrolled during the check may name a picture that is
 * not in the list: whatever seems to be missing is asked for by its name, and then the ledger once
 * more whether anybody still wants it.
 */
final class ArchiveCheck {
  private static final int PAGE = 1_000;
  private static final int READS = 200;
  private static final int TOMBSTONES = 100_000;

  private final Ledger ledger;
  private final Archive archive;
  private final InstantSource clock;
  private final Duration orphanAge;
  private final boolean repair;
  private final Tally tally;
  private final Progress progress;

  ArchiveCheck(
      Ledger ledger,
      Archive archive,
      InstantSource clock,
      Duration orphanAge,
      boolean repair,
      Tally tally,
      Progress progress) {
    this.ledger = ledger;
    this.archive = archive;
    this.clock = clock;
    this.orphanAge = orphanAge;
    this.repair = repair;
    this.tally = tally;
    this.progress = progress;
  }

  void check(FaceCollection collection) {
    long[] stored = list(collection);
    Sample<Face> sample = new Sample<>(READS);
    long after = 0;
    List<Face> page;
    do {
      page = ledger.faces(collection, Optional.empty(), after, PAGE);
      List<Face> pictured = page.stream().filter(face -> face.chip().isPresent()).toList();
      pictured.forEach(sample::offer);
      read(collection, pictured.stream().filter(face -> !isIn(stored, face)).toList());
      after = page.isEmpty() ? after : page.getLast().sequence();
      progress.add(page.size());
    } while (page.size() == PAGE);
    read(collection, sample.chosen().stream().filter(face -> isIn(stored, face)).toList());
    tally.count(Count.READ_PICTURES, sample.chosen().size());
  }

  /**
   * The marks of the collection's pictures, ascending; those that nobody wants are found on the
   * way.
   */
  private long[] list(FaceCollection collection) {
    Instant before = clock.instant().minus(orphanAge);
    LongStream.Builder marks = LongStream.builder();
    StoredChip last = StoredChip.beforeAll(collection.number());
    while (true) {
      List<StoredChip> listed = archive.list(Optional.of(last), PAGE);
      List<StoredChip> page =
          listed.stream().filter(chip -> chip.collection() == collection.number()).toList();
      page.forEach(chip -> marks.add(StoredChip.mark(chip.name())));
      orphans(collection, page.stream().filter(chip -> chip.written().isBefore(before)).toList());
      tally.count(Count.PICTURES, page.size());
      progress.requireWanted();
      if (page.size() < PAGE) {
        return marks.build().sorted().toArray();
      }
      last = page.getLast();
    }
  }

  private void orphans(FaceCollection collection, List<StoredChip> chips) {
    List<String> names = chips.stream().map(StoredChip::name).toList();
    Set<String> wanted = ledger.liveChips(collection.number(), names);
    List<String> unwanted = names.stream().filter(name -> !wanted.contains(name)).toList();
    if (unwanted.isEmpty()) {
      return;
    }
    // Those of deleted faces are on their way out already.
    Set<String> leaving =
        ledger.unpurged(TOMBSTONES).stream()
            .flatMap(tombstone -> tombstone.chip().stream())
            .collect(Collectors.toSet());
    List<String> orphans = unwanted.stream().filter(name -> !leaving.contains(name)).toList();
    if (repair) {
      orphans.forEach(name -> archive.delete(collection.number(), name));
    }
    tally.found(
        Kind.PICTURE_WITHOUT_FACE,
        collection.key().collectionId(),
        orphans,
        repair ? orphans.size() : 0);
  }

  private void read(FaceCollection collection, List<Face> faces) {
    List<Face> missing = new ArrayList<>();
    List<Face> damaged = new ArrayList<>();
    for (Face face : faces) {
      try {
        if (archive.get(collection.number(), chip(face)).isEmpty()) {
          missing.add(face);
        }
      } catch (ChipDamagedException e) {
        damaged.add(face);
      }
      progress.requireWanted();
    }
    tally(collection, Kind.PICTURE_MISSING, missing);
    tally(collection, Kind.PICTURE_DAMAGED, damaged);
  }

  private void tally(FaceCollection collection, Kind kind, List<Face> faces) {
    Set<String> wanted =
        ledger.liveChips(collection.number(), faces.stream().map(ArchiveCheck::chip).toList());
    tally.found(
        kind,
        collection.key().collectionId(),
        faces.stream().filter(face -> wanted.contains(chip(face))).map(Face::faceId).toList(),
        0);
  }

  private static boolean isIn(long[] stored, Face face) {
    return Arrays.binarySearch(stored, StoredChip.mark(chip(face))) >= 0;
  }

  private static String chip(Face face) {
    return face.chip().orElseThrow();
  }
}
