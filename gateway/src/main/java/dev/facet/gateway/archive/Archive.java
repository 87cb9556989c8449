package dev.facet.gateway.archive;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Chips by collection (its number in the ledger) and name.
 *
 * <p>Every put makes a new name, so that a chip never changes, two enrolments of one face never
 * overwrite each other's, and removing an old one can never hit a new one. A chip is durable before
 * the ledger's row that names it is written: there may be chips without a row, which {@link
 * OrphanSweep} removes, but no row without its chip.
 *
 * <p>Every method may throw {@link ArchiveException}.
 */
public interface Archive extends AutoCloseable {

  /** The archive in a bucket, or else in a directory. */
  static Archive open(S3Settings bucket, Path root, InstantSource clock) {
    return bucket.bucket().isPresent() ? new S3Archive(bucket, clock) : directory(root, clock);
  }

  /** The archive in a directory, which is created when needed. */
  static Archive directory(Path root, InstantSource clock) {
    return new DirectoryArchive(root, clock);
  }

  /**
   * Keeps a chip and returns its name once it is durable.
   *
   * @param faceId whose chip it is, for people who look into the store
   * @throws ArchiveFullException when there is no room
   */
  String put(long collection, String faceId, Chip chip);

  /**
   * The chip of that name.
   *
   * @throws ChipDamagedException when it is not what was put
   */
  Optional<Chip> get(long collection, String name);

  /** Removes a chip; one that is not there is removed already. */
  void delete(long collection, String name);

  /** Removes every chip of the collection. */
  void drop(long collection);

  /** Chips after the given one in the archive's own, stable order; the first ones when empty. */
  List<StoredChip> list(Optional<StoredChip> after, int limit);

  @Override
  default void close() {}
}
