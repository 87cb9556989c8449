package dev.facet.gateway.archive;

import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.Tombstone;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes from the stores what the ledger has hidden, and marks it as purged.
 *
 * <p>Cut short anywhere, the next run goes on: a tombstone is marked last. A face enrolled again
 * meanwhile is safe, for its chip has a name of its own.
 */
public final class Purge {
  private static final Logger log = LoggerFactory.getLogger(Purge.class);
  private static final int PAGE = 500;

  private final Ledger ledger;
  private final Archive archive;
  private final LongSupplier followed;

  /**
   * A purge; nothing runs until it is asked to.
   *
   * @param followed the sequence number up to which the gallery has followed
   */
  public Purge(Ledger ledger, Archive archive, LongSupplier followed) {
    this.ledger = ledger;
    this.archive = archive;
    this.followed = followed;
  }

  /** Purges what the gallery no longer holds and returns how many tombstones that were. */
  public int purge() {
    long position = followed.getAsLong();
    int purged = 0;
    while (true) {
      List<Tombstone> page =
          ledger.unpurged(PAGE).stream()
              .takeWhile(tombstone -> tombstone.sequence() <= position)
              .toList();
      if (page.isEmpty()) {
        return purged;
      }
      List<Tombstone> removed = page.stream().filter(this::removePictures).toList();
      if (removed.isEmpty()) {
        return purged; // all of them failed; they are tried again next time
      }
      ledger.purged(removed);
      purged += removed.size();
    }
  }

  /** False when the archive could not; one such picture must not keep the others. */
  private boolean removePictures(Tombstone tombstone) {
    try {
      if (tombstone.faceId().isEmpty()) {
        archive.drop(tombstone.collection());
      }
      tombstone.chip().ifPresent(chip -> archive.delete(tombstone.collection(), chip));
      return true;
    } catch (ArchiveException e) {
      log.warn("A deleted picture could not be removed", e);
      return false;
    }
  }
}
