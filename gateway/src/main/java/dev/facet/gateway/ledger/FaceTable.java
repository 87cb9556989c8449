package dev.facet.gateway.ledger;

import dev.facet.gateway.ledger.LedgerRefusal.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Living faces. */
final class FaceTable {
  private static final String SELECT =
      """
      SELECT face_id, sequence, subject_id, external_id, metadata, consent_reference, chip,
        created, updated
      FROM face
      WHERE collection = :collection
      """;

  private FaceTable() {}

  static Face insert(
      Handle handle, FaceCollection collection, String subjectId, NewFace face, Instant now) {
    long sequence = ChangeSequence.next(handle);
    handle
        .createUpdate(
            """
            INSERT INTO face (
              collection, face_id, sequence, subject_id, external_id, metadata, consent_reference,
              content_sha256, chip, created, updated, vector)
            VALUES (
              :collection, :id, :sequence, :subject, :externalId, :metadata, :consent,
              :content, :chip, :now, :now, :vector)""")
        .bind("collection", collection.number())
        .bind("id", face.faceId())
        .bind("sequence", sequence)
        .bind("subject", subjectId)
        .bind("externalId", face.externalId())
        .bind("metadata", face.metadata())
        .bind("consent", face.consentReference())
        .bind("content", face.contentSha256())
        .bind("chip", face.chip().orElse(""))
        .bind("now", Micros.of(now))
        .bind("vector", face.vector().bytes())
        .execute();
    return new Face(
        face.faceId(),
        new FaceDetails(subjectId, face.externalId(), face.metadata()),
        face.consentReference(),
        face.chip(),
        sequence,
        now,
        now);
  }

  static boolean any(Handle handle, FaceCollection collection) {
    return !list(handle, collection, Optional.empty(), 0, 1).isEmpty();
  }

  static Optional<Face> find(Handle handle, FaceCollection collection, String faceId) {
    return handle
        .createQuery(SELECT + "AND face_id = :id")
        .bind("collection", collection.number())
        .bind("id", faceId)
        .map((row, _) -> read(row))
        .findOne();
  }

  static Optional<String> contentOf(Handle handle, FaceCollection collection, String faceId) {
    return column(handle, collection, faceId, "content_sha256").mapTo(String.class).findOne();
  }

  static Optional<UnitVector> vector(Handle handle, FaceCollection collection, String faceId) {
    return column(handle, collection, faceId, "vector")
        .map((row, _) -> UnitVector.ofBytes(row.getBytes("vector")))
        .findOne();
  }

  static Map<Long, UnitVector> vectors(
      Handle handle, FaceCollection collection, List<Long> sequences) {
    Map<Long, UnitVector> vectors = new HashMap<>();
    handle
        .createQuery(
            """
            SELECT sequence, vector FROM face
            WHERE collection = :collection AND sequence IN (<sequences>)""")
        .bind("collection", collection.number())
        .bindList("sequences", sequences)
        .map(
            (row, _) ->
                Map.entry(row.getLong("sequence"), UnitVector.ofBytes(row.getBytes("vector"))))
        .forEach(face -> vectors.put(face.getKey(), face.getValue()));
    return vectors;
  }

  private static Query column(
      Handle handle, FaceCollection collection, String faceId, String name) {
    return handle
        .createQuery(
            "SELECT " + name + " FROM face WHERE collection = :collection AND face_id = :id")
        .bind("collection", collection.number())
        .bind("id", faceId);
  }

  static List<Face> list(
      Handle handle,
      FaceCollection collection,
      Optional<String> subjectId,
      long afterSequence,
      int limit) {
    String ofSubject = subjectId.isPresent() ? "AND subject_id = :subject " : "";
    Query query =
        handle
            .createQuery(
                SELECT + ofSubject + "AND sequence > :after ORDER BY sequence LIMIT :limit")
            .bind("collection", collection.number())
            .bind("after", afterSequence)
            .bind("limit", limit);
    subjectId.ifPresent(subject -> query.bind("subject", subject));
    return query.map((row, _) -> read(row)).list();
  }

  static Map<Long, LiveFace> live(Handle handle, FaceCollection collection, List<Long> sequences) {
    Map<Long, LiveFace> live = new HashMap<>();
    handle
        .createQuery(
            """
            SELECT face_id, subject_id, display_name, sequence
            FROM face JOIN subject USING (collection, subject_id)
            WHERE collection = :collection AND sequence IN (<sequences>)""")
        .bind("collection", collection.number())
        .bindList("sequences", sequences)
        .map(
            (row, _) ->
                new LiveFace(
                    row.getString("face_id"),
                    row.getString("subject_id"),
                    row.getString("display_name"),
                    row.getLong("sequence")))
        .forEach(face -> live.put(face.sequence(), face));
    return live;
  }

  static Set<String> liveChips(Handle handle, long collection, List<String> chips) {
    return new HashSet<>(
        handle
            .createQuery(
                "SELECT chip FROM face WHERE collection = :collection AND chip IN (<chips>)")
            .bind("collection", collection)
            .bindList("chips", chips)
            .mapTo(String.class)
            .list());
  }

  static FaceKeys matching(Handle handle, FaceCollection collection, FaceFilter filter) {
    String ofSubjects = filter.subjects().isEmpty() ? "" : " AND subject_id IN (<subjects>)";
    Query query =
        handle
            .createQuery(
                "SELECT sequence, metadata FROM face WHERE collection = :collection" + ofSubjects)
            .bind("collection", collection.number());
    if (!filter.subjects().isEmpty()) {
      query.bindList("subjects", List.copyOf(filter.subjects()));
    }
    MetadataFilter metadata = MetadataFilter.of(filter.metadata());
    LongStream.Builder keys = LongStream.builder();
    query
        .map((row, _) -> Map.entry(row.getLong("sequence"), row.getString("metadata")))
        .forEach(
            face -> {
              if (metadata.passes(face.getValue())) {
                keys.add(face.getKey());
              }
            });
    return FaceKeys.of(keys.build());
  }

  static Face update(
      Handle handle,
      FaceCollection collection,
      String faceId,
      UnaryOperator<FaceDetails> change,
      Instant now) {
    Face face = find(handle, collection, faceId).orElseThrow(() -> notFound(faceId));
    FaceDetails details = change.apply(face.details());
    SubjectTable.require(handle, collection, details.subjectId());
    handle
        .createUpdate(
            """
            UPDATE face
            SET subject_id = :subject, external_id = :externalId, metadata = :metadata, updated = :now
            WHERE collection = :collection AND face_id = :id""")
        .bind("collection", collection.number())
        .bind("id", faceId)
        .bind("subject", details.subjectId())
        .bind("externalId", details.externalId())
        .bind("metadata", details.metadata())
        .bind("now", Micros.of(now))
        .execute();
    return new Face(
        faceId,
        details,
        face.consentReference(),
        face.chip(),
        face.sequence(),
        face.created(),
        now);
  }

  static int moveAll(
      Handle handle, FaceCollection collection, String from, String into, Instant now) {
    return handle
        .createUpdate(
            """
            UPDATE face SET subject_id = :into, updated = :now
            WHERE collection = :collection AND subject_id = :from""")
        .bind("collection", collection.number())
        .bind("from", from)
        .bind("into", into)
        .bind("now", Micros.of(now))
        .execute();
  }

  static LedgerRefusal notFound(String faceId) {
    return new LedgerRefusal(Reason.FACE_NOT_FOUND, "there is no face " + faceId);
  }

  private static Face read(ResultSet row) throws SQLException {
    return new Face(
        row.getString("face_id"),
        new FaceDetails(
            row.getString("subject_id"), row.getString("external_id"), row.getString("metadata")),
        row.getString("consent_reference"),
        Optional.of(row.getString("chip")).filter(chip -> !chip.isEmpty()),
        row.getLong("sequence"),
        Micros.toInstant(row.getLong("created")),
        Micros.toInstant(row.getLong("updated")));
  }
}
