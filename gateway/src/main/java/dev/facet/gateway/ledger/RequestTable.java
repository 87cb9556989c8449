package dev.facet.gateway.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Requests that must not act twice, remembered for a day. */
final class RequestTable {
  private static final Duration MEMORY = Duration.ofHours(24);

  private RequestTable() {}

  /** The answer to a request whose id is remembered. */
  static Optional<EnrollOutcome> find(
      Handle handle, FaceCollection collection, String requestId, String sha256, Instant now) {
    return handle
        .createQuery(
            """
            SELECT sha256, collection, face_ids, answer FROM request
            WHERE tenant_id = :tenant AND request_id = :id AND expires > :now""")
        .bind("tenant", collection.key().tenant())
        .bind("id", requestId)
        .bind("now", Micros.of(now))
        .map(
            (row, _) ->
                row.getString("sha256").equals(sha256)
                        && row.getLong("collection") == collection.number()
                    ? replay(handle, collection, row.getString("face_ids"), row.getBytes("answer"))
                    : new EnrollOutcome.RequestIdReused())
        .findOne();
  }

  private static EnrollOutcome replay(
      Handle handle, FaceCollection collection, String faceIds, byte[] answer) {
    List<Face> faces =
        Stream.of(faceIds.split(" "))
            .flatMap(id -> FaceTable.find(handle, collection, id).stream())
            .toList();
    return new EnrollOutcome.Replayed(faces, newest(faces), answer);
  }

  static long newest(List<Face> faces) {
    return faces.stream().mapToLong(Face::sequence).max().orElse(0);
  }

  /** Remembers the request and forgets those whose time is over. */
  static void remember(
      Handle handle,
      FaceCollection collection,
      RequestRecord request,
      List<Face> faces,
      Instant now) {
    handle.execute("DELETE FROM request WHERE expires <= ?", Micros.of(now));
    handle
        .createUpdate(
            """
            INSERT INTO request (
              tenant_id, request_id, sha256, collection, face_ids, answer, expires)
            VALUES (:tenant, :id, :sha256, :collection, :faces, :answer, :expires)""")
        .bind("tenant", collection.key().tenant())
        .bind("id", request.requestId())
        .bind("sha256", request.sha256())
        .bind("collection", collection.number())
        .bind("faces", String.join(" ", faces.stream().map(Face::faceId).toList()))
        .bind("answer", request.answer())
        .bind("expires", Micros.of(now.plus(MEMORY)))
        .execute();
  }
}
