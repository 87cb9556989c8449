package dev.facet.gateway.ledger;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The ledger over JDBC: one writer that commits in groups, and readers beside it that see what is
 * committed. The statements are in the {@code *Table} classes.
 */
final class SqlLedger implements Ledger {
  private static final int MAX_WAITING = 4_096;

  /** Databases allow some ten thousand parameters in a statement; this many are as fast as any. */
  private static final int VALUES_AT_ONCE = 1_000;

  private final HikariDataSource writerPool;
  private final HikariDataSource readerPool;
  private final LockTable locks;
  private final Readers readers;
  private final InstantSource clock;
  private final Watermark committed = new Watermark();
  private final GroupCommit writes;
  private final AuditedWrites audited;
  private final Operations operations;
  private final Tenants tenants;
  private final AuditLog audit;

  /**
   * Starts the writer.
   *
   * @param writerPool of one connection; closed with the ledger, as is the other
   * @param begin runs first in every transaction that writes
   * @param locks that this ledger's gateways share
   * @param actors who acts on the calling thread
   */
  SqlLedger(
      HikariDataSource writerPool,
      HikariDataSource readerPool,
      Consumer<Handle> begin,
      LockTable locks,
      InstantSource clock,
      Supplier<Optional<Actor>> actors) {
    this.writerPool = writerPool;
    this.readerPool = readerPool;
    this.locks = locks;
    this.clock = clock;
    readers = new Readers(Jdbi.create(readerPool));
    writes =
        new GroupCommit(
            Jdbi.create(writerPool),
            begin,
            (handle, entries) -> AuditTable.append(handle, entries, now()),
            committed,
            MAX_WAITING);
    audited = new AuditedWrites(writes, actors, clock);
    operations = new SqlOperations(writes, readers, clock);
    tenants = new SqlTenants(writes, audited, readers, clock);
    audit = new SqlAuditLog(audited, readers);
  }

  @Override
  public String identity() {
    return readers.read(FactTable::identity).orElseGet(() -> writes.commit(FactTable::identify));
  }

  @Override
  public void createTenant(String tenant) {
    Ids.check("tenant_id", tenant);
    writes.commit(handle -> TenantTable.ensure(handle, tenant, now()));
  }

  @Override
  public FaceCollection createCollection(
      CollectionKey key, ModelId model, int dimension, CollectionDetails details) {
    return audited.commit(
        "CreateCollection",
        words(key),
        (handle, now) -> CollectionTable.create(handle, key, model, dimension, details, now));
  }

  @Override
  public Optional<FaceCollection> collection(CollectionKey key) {
    return readers.read(handle -> CollectionTable.find(handle, key));
  }

  @Override
  public Optional<FaceCollection> collection(long number) {
    return readers.read(handle -> CollectionTable.find(handle, number));
  }

  @Override
  public List<FaceCollection> collections(String tenant, String afterId, int limit) {
    return readers.read(handle -> CollectionTable.list(handle, tenant, afterId, limit));
  }

  @Override
  public List<FaceCollection> collections(long afterNumber, int limit) {
    return readers.read(handle -> CollectionTable.list(handle, afterNumber, limit));
  }

  @Override
  public FaceCollection updateCollection(
      CollectionKey key, UnaryOperator<CollectionDetails> change) {
    return audited.commit(
        "UpdateCollection",
        words(key),
        (handle, now) -> CollectionTable.update(handle, key, change, now));
  }

  @Override
  public Deletion dropCollection(CollectionKey key, boolean force) {
    return audited.commit(
        "DropCollection",
        words(key),
        (handle, now) -> CollectionTable.drop(handle, key, force, now));
  }

  @Override
  public Statistics statistics(FaceCollection collection) {
    return readers.read(handle -> CollectionTable.statistics(handle, collection));
  }

  @Override
  public EnrollOutcome enroll(FaceCollection collection, Enrollment enrollment) {
    collection.requireModel(enrollment.model());
    enrollment.faces().forEach(face -> collection.requireDimension(face.vector()));
    return audited.commit(
        "Enroll",
        outcome ->
            outcome instanceof EnrollOutcome.Stored stored
                ? Optional.of(words(collection, enrollment, stored))
                : Optional.empty(),
        (handle, now) -> new EnrollUnit(collection, enrollment, now).run(handle));
  }

  @Override
  public Optional<EnrollOutcome> remembered(
      FaceCollection collection, String requestId, String sha256) {
    return readers.read(handle -> RequestTable.find(handle, collection, requestId, sha256, now()));
  }

  @Override
  public Optional<Face> face(FaceCollection collection, String faceId) {
    return readers.read(handle -> FaceTable.find(handle, collection, faceId));
  }

  @Override
  public Optional<UnitVector> vector(FaceCollection collection, String faceId) {
    return readers.read(handle -> FaceTable.vector(handle, collection, faceId));
  }

  @Override
  public Map<Long, UnitVector> vectors(FaceCollection collection, Collection<Long> sequences) {
    Map<Long, UnitVector> vectors = new HashMap<>();
    for (List<Long> page : pages(sequences)) {
      vectors.putAll(readers.read(handle -> FaceTable.vectors(handle, collection, page)));
    }
    return vectors;
  }

  @Override
  public List<Face> faces(
      FaceCollection collection, Optional<String> subjectId, long afterSequence, int limit) {
    return readers.read(
        handle -> FaceTable.list(handle, collection, subjectId, afterSequence, limit));
  }

  @Override
  public Map<Long, LiveFace> live(FaceCollection collection, Collection<Long> sequences) {
    Map<Long, LiveFace> live = new HashMap<>();
    for (List<Long> page : pages(sequences)) {
      live.putAll(readers.read(handle -> FaceTable.live(handle, collection, page)));
    }
    return live;
  }

  @Override
  public FaceKeys matching(FaceCollection collection, FaceFilter filter) {
    return readers.read(handle -> FaceTable.matching(handle, collection, filter));
  }

  @Override
  public Face updateFace(
      FaceCollection collection, String faceId, UnaryOperator<FaceDetails> change) {
    return change(
        "UpdateFace",
        collection,
        "face:" + faceId,
        (handle, now) -> FaceTable.update(handle, collection, faceId, change, now));
  }

  @Override
  public Deletion deleteFace(FaceCollection collection, String faceId) {
    return change(
        "DeleteFace",
        collection,
        "face:" + faceId,
        (handle, now) -> TombstoneTable.deleteFace(handle, collection, faceId, now));
  }

  @Override
  public Optional<Subject> subject(FaceCollection collection, String subjectId) {
    return readers.read(handle -> SubjectTable.find(handle, collection, subjectId));
  }

  @Override
  public List<Subject> subjects(FaceCollection collection, String afterId, int limit) {
    return readers.read(handle -> SubjectTable.list(handle, collection, afterId, limit));
  }

  @Override
  public Subject updateSubject(
      FaceCollection collection, String subjectId, UnaryOperator<SubjectDetails> change) {
    return change(
        "UpdateSubject",
        collection,
        "subject:" + subjectId,
        (handle, now) -> SubjectTable.update(handle, collection, subjectId, change, now));
  }

  @Override
  public Merge mergeSubjects(FaceCollection collection, String from, String into) {
    return change(
        "MergeSubjects",
        collection,
        "subject:%s into:%s".formatted(from, into),
        (handle, now) -> SubjectTable.merge(handle, collection, from, into, now));
  }

  @Override
  public Deletion deleteSubject(FaceCollection collection, String subjectId) {
    return change(
        "DeleteSubject",
        collection,
        "subject:" + subjectId,
        (handle, now) -> TombstoneTable.deleteSubject(handle, collection, subjectId, now));
  }

  @Override
  public long sequence() {
    long before = committed.value();
    long newest = readers.read(ChangeSequence::newest);
    if (newest < before) {
      committed.lower(newest); // a database that was put back from a backup
    }
    committed.raise(newest); // another gateway's; whoever follows need not wait to find it
    return newest;
  }

  @Override
  public Optional<String> chosenGallery() {
    return readers.read(FactTable::gallery);
  }

  @Override
  public void chooseGallery(String kind) {
    writes.commit(handle -> FactTable.chooseGallery(handle, kind));
  }

  @Override
  public Optional<SharedLock> tryLock(String name) {
    Ids.check("lock", name);
    return locks.tryLock(name);
  }

  @Override
  public void awaitChangeAfter(long sequence, Duration atMost) throws InterruptedException {
    committed.await(sequence + 1, atMost);
  }

  @Override
  public Changes changes(long after, int limit) {
    return readers.read(handle -> ChangeLog.after(handle, Optional.empty(), after, limit));
  }

  @Override
  public Changes changes(FaceCollection collection, long after, int limit) {
    return readers.read(handle -> ChangeLog.after(handle, Optional.of(collection), after, limit));
  }

  @Override
  public List<Tombstone> unpurged(int limit) {
    return readers.read(handle -> TombstoneTable.unpurged(handle, limit));
  }

  @Override
  public void purged(List<Tombstone> tombstones) {
    writes.commit(handle -> TombstoneTable.purge(handle, tombstones, now()));
  }

  @Override
  public Set<String> liveChips(long collection, Collection<String> chips) {
    Set<String> live = new HashSet<>();
    for (List<String> names : pages(chips)) {
      live.addAll(readers.read(handle -> FaceTable.liveChips(handle, collection, names)));
    }
    return live;
  }

  @Override
  public Operations operations() {
    return operations;
  }

  @Override
  public Tenants tenants() {
    return tenants;
  }

  @Override
  public AuditLog audit() {
    return audit;
  }

  @Override
  public void close() {
    committed.close();
    writes.close();
    locks.close();
    readerPool.close();
    writerPool.close();
  }

  /** A change within a collection, which may have been dropped meanwhile. */
  private <T> T change(
      String action,
      FaceCollection collection,
      String object,
      BiFunction<Handle, Instant, T> unit) {
    return audited.commit(
        action,
        words(collection.key()) + " " + object,
        (handle, now) -> {
          CollectionTable.requireStill(handle, collection);
          return unit.apply(handle, now);
        });
  }

  private static String words(CollectionKey key) {
    return "collection:" + key.collectionId();
  }

  private static String words(
      FaceCollection collection, Enrollment enrollment, EnrollOutcome.Stored stored) {
    StringBuilder words = new StringBuilder(words(collection.key()));
    words.append(" subject:").append(enrollment.subjectId());
    stored.faces().forEach(face -> words.append(" face:").append(face.faceId()));
    return words.toString();
  }

  private static <T> List<List<T>> pages(Collection<T> values) {
    List<T> all = List.copyOf(values);
    List<List<T>> pages = new ArrayList<>();
    for (int start = 0; start < all.size(); start += VALUES_AT_ONCE) {
      pages.add(all.subList(start, Math.min(start + VALUES_AT_ONCE, all.size())));
    }
    return pages;
  }

  private Instant now() {
    return Micros.now(clock);
  }
}
