package dev.facet.gateway.ledger;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The truth: tenants, collections, subjects, faces with their vectors, and what was deleted.
 *
 * <ul>
 *   <li>A call that changes something returns when the change is on disk, and takes place wholly or
 *       not at all. Concurrent ones share a transaction and its sync.
 *   <li>Every change of what can be found (a face enrolled, a face deleted, a collection dropped)
 *       has a sequence number, given in the same transaction. A renamed, moved or merged subject
 *       has none: an index over the faces need not know.
 *   <li>A deleted face answers as one that never was, but for {@link #deleteFace}.
 *   <li>Ids of another tenant answer as absent ones.
 * </ul>
 *
 * <p>Every method may throw {@link LedgerException}: the ledger is down, busy ({@link
 * LedgerBusyException}) or full ({@link LedgerFullException}). Methods that take a {@link
 * FaceCollection} treat one that was dropped meanwhile as {@code COLLECTION_NOT_FOUND} when they
 * change something, and as empty when they read.
 */
public interface Ledger extends AutoCloseable {

  /**
   * The ledger in a database, or else in a file.
   *
   * @param actors who acts on the calling thread: what is changed for somebody is recorded in the
   *     audit log
   */
  static Ledger open(
      Optional<PostgresSettings> database,
      Path file,
      InstantSource clock,
      Supplier<Optional<Actor>> actors) {
    return database.isPresent()
        ? PostgresDatabase.open(database.get(), clock, actors)
        : SqliteFile.open(file, clock, actors);
  }

  /** The ledger in one SQLite file, which is created, or migrated, when needed; for nobody. */
  static Ledger sqlite(Path file, InstantSource clock) {
    return SqliteFile.open(file, clock, Optional::empty);
  }

  /** The same in a PostgreSQL database. */
  static Ledger postgres(PostgresSettings settings, InstantSource clock) {
    return PostgresDatabase.open(settings, clock, Optional::empty);
  }

  /** A name that no other ledger has, but a copy that was put back from a backup. */
  String identity();

  // Tenants and collections.

  /**
   * Makes sure that the tenant exists.
   *
   * @throws LedgerRefusal INVALID_ID
   */
  void createTenant(String tenant);

  /**
   * Creates an empty collection.
   *
   * @throws LedgerRefusal TENANT_NOT_FOUND, COLLECTION_EXISTS
   */
  FaceCollection createCollection(
      CollectionKey key, ModelId model, int dimension, CollectionDetails details);

  Optional<FaceCollection> collection(CollectionKey key);

  /** The collection of a {@link FaceCollection#number}. */
  Optional<FaceCollection> collection(long number);

  /** Collections of the tenant with an id greater than the given one ("" at first), by id. */
  List<FaceCollection> collections(String tenant, String afterId, int limit);

  /** Collections of all tenants with a number greater than the given one (0 at first), by it. */
  List<FaceCollection> collections(long afterNumber, int limit);

  /**
   * Changes the details; no other change comes between reading and writing them.
   *
   * @throws LedgerRefusal COLLECTION_NOT_FOUND
   */
  FaceCollection updateCollection(CollectionKey key, UnaryOperator<CollectionDetails> change);

  /**
   * Deletes the collection.
   *
   * @param force also when it holds faces
   * @throws LedgerRefusal COLLECTION_NOT_FOUND, COLLECTION_NOT_EMPTY
   */
  Deletion dropCollection(CollectionKey key, boolean force);

  Statistics statistics(FaceCollection collection);

  // Enrolment.

  /**
   * Enrols all faces of the enrolment or none. A deleted face id is alive again, under a new
   * sequence number. Chips of faces that were stored before are left without a row; the {@code
   * OrphanSweep} removes them.
   *
   * @throws LedgerRefusal MODEL_MISMATCH, VECTOR_DIMENSION, COLLECTION_NOT_FOUND
   */
  EnrollOutcome enroll(FaceCollection collection, Enrollment enrollment);

  /**
   * What {@link #enroll} would answer to a request whose id is remembered: {@link
   * EnrollOutcome.Replayed} or {@link EnrollOutcome.RequestIdReused}; empty when it is not.
   */
  Optional<EnrollOutcome> remembered(FaceCollection collection, String requestId, String sha256);

  // Faces.

  Optional<Face> face(FaceCollection collection, String faceId);

  Optional<UnitVector> vector(FaceCollection collection, String faceId);

  /** Vectors of those of the faces, named by {@link Face#sequence}, that are alive; by the same. */
  Map<Long, UnitVector> vectors(FaceCollection collection, Collection<Long> sequences);

  /**
   * Faces after the given {@link Face#sequence} (0 at first), in its order.
   *
   * @param subjectId only this subject's
   */
  List<Face> faces(
      FaceCollection collection, Optional<String> subjectId, long afterSequence, int limit);

  /** Those of the faces, named by {@link Face#sequence}, that are alive; by the same. */
  Map<Long, LiveFace> live(FaceCollection collection, Collection<Long> sequences);

  /** The faces that pass the filter. */
  FaceKeys matching(FaceCollection collection, FaceFilter filter);

  /**
   * Changes the details, which may move the face to another subject.
   *
   * @throws LedgerRefusal COLLECTION_NOT_FOUND, FACE_NOT_FOUND, SUBJECT_NOT_FOUND
   */
  Face updateFace(FaceCollection collection, String faceId, UnaryOperator<FaceDetails> change);

  /**
   * Hides the face. Repeating it succeeds, with the earlier time.
   *
   * @throws LedgerRefusal FACE_NOT_FOUND for an id that never was
   */
  Deletion deleteFace(FaceCollection collection, String faceId);

  // Subjects.

  Optional<Subject> subject(FaceCollection collection, String subjectId);

  /** Subjects with an id greater than the given one ("" at first), by id. */
  List<Subject> subjects(FaceCollection collection, String afterId, int limit);

  /**
   * Changes the details.
   *
   * @throws LedgerRefusal SUBJECT_NOT_FOUND
   */
  Subject updateSubject(
      FaceCollection collection, String subjectId, UnaryOperator<SubjectDetails> change);

  /**
   * Moves all faces of one subject to another and removes the first.
   *
   * @throws LedgerRefusal SUBJECT_NOT_FOUND for either
   */
  Merge mergeSubjects(FaceCollection collection, String from, String into);

  /**
   * Hides all faces of the subject and removes it.
   *
   * @throws LedgerRefusal SUBJECT_NOT_FOUND
   */
  Deletion deleteSubject(FaceCollection collection, String subjectId);

  // Following.

  /** Sequence number of the newest change, by whatever gateway. */
  long sequence();

  /**
   * Returns when this ledger object knows of a change past the sequence number, or after the given
   * time. It knows of those that it committed and those that {@link #sequence} was told of.
   */
  void awaitChangeAfter(long sequence, Duration atMost) throws InterruptedException;

  /** Changes of all collections after the sequence number. */
  Changes changes(long after, int limit);

  /** Changes of one collection after the sequence number. */
  Changes changes(FaceCollection collection, long after, int limit);

  // Purging.

  /** The oldest tombstones that are not marked as purged. */
  List<Tombstone> unpurged(int limit);

  /** Marks that no store holds a byte of these any more. */
  void purged(List<Tombstone> tombstones);

  /** Those of the chips that a live face of the collection with this number refers to. */
  Set<String> liveChips(long collection, Collection<String> chips);

  // Long jobs.

  Operations operations();

  // Who may come in, and what they did.

  Tenants tenants();

  AuditLog audit();

  // Working together.

  /**
   * The right to do what only one of the gateways with this ledger may do at a time; empty while
   * another, or another thread of this one, has it.
   */
  Optional<SharedLock> tryLock(String name);

  /** What {@link #chooseGallery} was told last, by whatever gateway. */
  Optional<String> chosenGallery();

  /** Says which kind of gallery all gateways are to search. */
  void chooseGallery(String kind);

  /** Waits for the changes under way and closes the database. */
  @Override
  void close();
}
