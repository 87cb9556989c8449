package dev.facet.gateway.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** What was deleted, and the deleting. */
final class TombstoneTable {
  /** The {@code face_id} that stands for the whole collection. */
  private static final String WHOLE = "";

  private TombstoneTable() {}

  static Deletion deleteFace(Handle handle, FaceCollection collection, String faceId, Instant now) {
    return delete(handle, collection, "face_id", faceId, now)
        .or(() -> find(handle, collection, faceId))
        .orElseThrow(() -> FaceTable.notFound(faceId));
  }

  static Deletion deleteSubject(
      Handle handle, FaceCollection collection, String subjectId, Instant now) {
    SubjectTable.require(handle, collection, subjectId);
    Optional<Deletion> deletion = delete(handle, collection, "subject_id", subjectId, now);
    SubjectTable.delete(handle, collection, subjectId);
    return deletion.orElseGet(() -> new Deletion(0, ChangeSequence.newest(handle), now));
  }

  /** Deletes the faces whose column has the value; empty when there are none. */
  private static Optional<Deletion> delete(
      Handle handle, FaceCollection collection, String column, String value, Instant now) {
    String which = "FROM face WHERE collection = :collection AND " + column + " = :value";
    int faces =
        handle
            .createUpdate(
                """
                INSERT INTO tombstone (collection, face_id, enrolled, sequence, chip, hidden)
                SELECT collection, face_id, sequence,
                  (SELECT newest FROM change_sequence) + ROW_NUMBER() OVER (ORDER BY sequence),
                  chip, :now
                """
                    + which)
            .bind("collection", collection.number())
            .bind("value", value)
            .bind("now", Micros.of(now))
            .execute();
    if (faces == 0) {
      return Optional.empty();
    }
    handle
        .createUpdate("DELETE " + which)
        .bind("collection", collection.number())
        .bind("value", value)
        .execute();
    return Optional.of(new Deletion(faces, ChangeSequence.take(handle, faces), now));
  }

  /** Marks the collection as dropped and returns the change's sequence number. */
  static long bury(Handle handle, FaceCollection collection, Instant now) {
    long sequence = ChangeSequence.next(handle);
    handle
        .createUpdate(
            """
            INSERT INTO tombstone (collection, face_id, enrolled, sequence, chip, hidden)
            VALUES (:collection, :whole, 0, :sequence, '', :now)""")
        .bind("collection", collection.number())
        .bind("whole", WHOLE)
        .bind("sequence", sequence)
        .bind("now", Micros.of(now))
        .execute();
    return sequence;
  }

  /** The face's last. */
  private static Optional<Deletion> find(Handle handle, FaceCollection collection, String faceId) {
    return handle
        .createQuery(
            """
            SELECT sequence, hidden FROM tombstone
            WHERE collection = :collection AND face_id = :id AND face_id <> :whole
            ORDER BY sequence DESC LIMIT 1""")
        .bind("collection", collection.number())
        .bind("id", faceId)
        .bind("whole", WHOLE)
        .map(
            (row, _) ->
                new Deletion(0, row.getLong("sequence"), Micros.toInstant(row.getLong("hidden"))))
        .findOne();
  }

  static List<Tombstone> unpurged(Handle handle, int limit) {
    return handle
        .createQuery(
            """
            SELECT collection, face_id, chip, sequence, hidden FROM tombstone
            WHERE purged IS NULL ORDER BY sequence LIMIT :limit""")
        .bind("limit", limit)
        .map((row, _) -> read(row))
        .list();
  }

  static int[] purge(Handle handle, List<Tombstone> tombstones, Instant now) {
    PreparedBatch batch =
        handle.prepareBatch("UPDATE tombstone SET purged = :now WHERE sequence = :sequence");
    for (Tombstone tombstone : tombstones) {
      batch.bind("now", Micros.of(now)).bind("sequence", tombstone.sequence()).add();
    }
    return batch.execute();
  }

  private static Tombstone read(ResultSet row) throws SQLException {
    return new Tombstone(
        row.getLong("collection"),
        Optional.of(row.getString("face_id")).filter(id -> !id.equals(WHOLE)),
        Optional.of(row.getString("chip")).filter(chip -> !chip.isEmpty()),
        row.getLong("sequence"),
        Micros.toInstant(row.getLong("hidden")));
  }
}
