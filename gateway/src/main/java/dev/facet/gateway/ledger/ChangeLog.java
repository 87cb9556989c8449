package dev.facet.gateway.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * The changes in their order, read from what they left behind: every living face and every
 * tombstone carries the number of the change that made it. So the log has one entry for each
 * enrolment that ever was, and never needs to be cut.
 */
final class ChangeLog {
  private ChangeLog() {}

  /** Changes of one collection, or of all. */
  static Changes after(Handle handle, Optional<FaceCollection> collection, long after, int limit) {
    // Read first: what is committed between the two queries belongs to the next page.
    long newest = ChangeSequence.newest(handle);
    String range =
        "WHERE sequence > :after AND sequence <= :newest"
            + (collection.isPresent() ? " AND collection = :collection" : "");
    Query query =
        handle
            .createQuery(
                """
                SELECT sequence, collection, face_id, vector, sequence AS enrolled FROM face %s
                UNION ALL
                SELECT sequence, collection, face_id, CAST(NULL AS BYTEA), enrolled FROM tombstone %s
                ORDER BY sequence LIMIT :limit"""
                    .formatted(range, range))
            .bind("after", after)
            .bind("newest", newest)
            .bind("limit", limit);
    collection.ifPresent(c -> query.bind("collection", c.number()));
    List<Change> changes = query.map((row, _) -> read(row)).list();
    boolean more = changes.size() == limit;
    return new Changes(changes, more ? changes.getLast().sequence() : newest);
  }

  private static Change read(ResultSet row) throws SQLException {
    long sequence = row.getLong("sequence");
    long collection = row.getLong("collection");
    String faceId = row.getString("face_id");
    byte[] vector = row.getBytes("vector");
    if (vector != null) {
      return new Change.Enrolled(sequence, collection, faceId, UnitVector.ofBytes(vector));
    }
    return faceId.isEmpty()
        ? new Change.Dropped(sequence, collection)
        : new Change.Deleted(sequence, collection, faceId, row.getLong("enrolled"));
  }
}
