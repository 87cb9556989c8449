package dev.facet.gateway.ledger;

import dev.facet.gateway.ledger.LedgerRefusal.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/** Subjects. */
final class SubjectTable {
  private static final String SELECT =
      """
      SELECT s.*, (
        SELECT COUNT(*) FROM face f
        WHERE f.collection = s.collection AND f.subject_id = s.subject_id) AS face_count
      FROM subject s
      WHERE s.collection = :collection
      """;

  private SubjectTable() {}

  /** Creates the subject when it is not there, and names it when a name is given. */
  static void ensure(
      Handle handle,
      FaceCollection collection,
      String subjectId,
      Optional<String> displayName,
      Instant now) {
    String conflict =
        displayName.isPresent()
            ? "DO UPDATE SET display_name = excluded.display_name, updated = excluded.updated"
                + " WHERE subject.display_name <> excluded.display_name"
            : "DO NOTHING";
    handle
        .createUpdate(
            """
            INSERT INTO subject (
              collection, subject_id, display_name, external_id, metadata, created, updated)
            VALUES (:collection, :id, :name, '', '{}', :now, :now)
            ON CONFLICT (collection, subject_id)
            """
                + conflict)
        .bind("collection", collection.number())
        .bind("id", subjectId)
        .bind("name", displayName.orElse(""))
        .bind("now", Micros.of(now))
        .execute();
  }

  static Optional<Subject> find(Handle handle, FaceCollection collection, String subjectId) {
    return handle
        .createQuery(SELECT + "AND s.subject_id = :id")
        .bind("collection", collection.number())
        .bind("id", subjectId)
        .map((row, _) -> read(row))
        .findOne();
  }

  static Subject require(Handle handle, FaceCollection collection, String subjectId) {
    return find(handle, collection, subjectId)
        .orElseThrow(
            () -> new LedgerRefusal(Reason.SUBJECT_NOT_FOUND, "there is no subject " + subjectId));
  }

  static List<Subject> list(Handle handle, FaceCollection collection, String afterId, int limit) {
    return handle
        .createQuery(SELECT + "AND s.subject_id > :after ORDER BY s.subject_id LIMIT :limit")
        .bind("collection", collection.number())
        .bind("after", afterId)
        .bind("limit", limit)
        .map((row, _) -> read(row))
        .list();
  }

  static Subject update(
      Handle handle,
      FaceCollection collection,
      String subjectId,
      UnaryOperator<SubjectDetails> change,
      Instant now) {
    Subject subject = require(handle, collection, subjectId);
    SubjectDetails details = change.apply(subject.details());
    handle
        .createUpdate(
            """
            UPDATE subject
            SET display_name = :name, external_id = :externalId, metadata = :metadata, updated = :now
            WHERE collection = :collection AND subject_id = :id""")
        .bind("collection", collection.number())
        .bind("id", subjectId)
        .bind("name", details.displayName())
        .bind("externalId", details.externalId())
        .bind("metadata", details.metadata())
        .bind("now", Micros.of(now))
        .execute();
    return new Subject(subjectId, details, subject.faceCount(), subject.created(), now);
  }

  static Merge merge(
      Handle handle, FaceCollection collection, String from, String into, Instant now) {
    require(handle, collection, from);
    require(handle, collection, into);
    int moved = 0;
    if (!from.equals(into)) {
      moved = FaceTable.moveAll(handle, collection, from, into, now);
      delete(handle, collection, from);
    }
    return new Merge(require(handle, collection, into), moved);
  }

  static void delete(Handle handle, FaceCollection collection, String subjectId) {
    handle.execute(
        "DELETE FROM subject WHERE collection = ? AND subject_id = ?",
        collection.number(),
        subjectId);
  }

  private static Subject read(ResultSet row) throws SQLException {
    return new Subject(
        row.getString("subject_id"),
        new SubjectDetails(
            row.getString("display_name"), row.getString("external_id"), row.getString("metadata")),
        row.getInt("face_count"),
        Micros.toInstant(row.getLong("created")),
        Micros.toInstant(row.getLong("updated")));
  }
}
