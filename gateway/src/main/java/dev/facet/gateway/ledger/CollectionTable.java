package dev.facet.gateway.ledger;

import dev.facet.gateway.ledger.LedgerRefusal.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** Collections of tenants. */
final class CollectionTable {
  private CollectionTable() {}

  static FaceCollection create(
      Handle handle,
      CollectionKey key,
      ModelId model,
      int dimension,
      CollectionDetails details,
      Instant now) {
    TenantTable.require(handle, key.tenant());
    if (find(handle, key).isPresent()) {
      throw new LedgerRefusal(
          Reason.COLLECTION_EXISTS, "there is a collection " + key.collectionId() + " already");
    }
    FaceCollection collection =
        new FaceCollection(ChangeSequence.next(handle), key, model, dimension, details, now, now);
    bindDetails(
            handle.createUpdate(
                """
                INSERT INTO collection (
                  number, tenant_id, collection_id, model_name, model_version, weights_sha256,
                  preprocessing_sha256, dimension, display_name, match_threshold, face_ttl, metadata,
                  created, updated)
                VALUES (
                  :number, :tenant, :id, :modelName, :modelVersion, :weights,
                  :preprocessing, :dimension, :displayName, :threshold, :ttl, :metadata,
                  :now, :now)"""),
            details)
        .bind("number", collection.number())
        .bind("tenant", key.tenant())
        .bind("id", key.collectionId())
        .bind("modelName", model.name())
        .bind("modelVersion", model.version())
        .bind("weights", model.weightsSha256())
        .bind("preprocessing", model.preprocessingSha256())
        .bind("dimension", dimension)
        .bind("now", Micros.of(now))
        .execute();
    return collection;
  }

  static Optional<FaceCollection> find(Handle handle, CollectionKey key) {
    return handle
        .createQuery("SELECT * FROM collection WHERE tenant_id = :tenant AND collection_id = :id")
        .bind("tenant", key.tenant())
        .bind("id", key.collectionId())
        .map((row, _) -> read(row))
        .findOne();
  }

  static Optional<FaceCollection> find(Handle handle, long number) {
    return handle
        .createQuery("SELECT * FROM collection WHERE number = :number")
        .bind("number", number)
        .map((row, _) -> read(row))
        .findOne();
  }

  static FaceCollection require(Handle handle, CollectionKey key) {
    return find(handle, key).orElseThrow(() -> notFound(key));
  }

  /** For units that change something in a collection that may have been dropped meanwhile. */
  static void requireStill(Handle handle, FaceCollection collection) {
    if (find(handle, collection.number()).isEmpty()) {
      throw notFound(collection.key());
    }
  }

  static List<FaceCollection> list(Handle handle, String tenant, String afterId, int limit) {
    return handle
        .createQuery(
            """
            SELECT * FROM collection WHERE tenant_id = :tenant AND collection_id > :after
            ORDER BY collection_id LIMIT :limit""")
        .bind("tenant", tenant)
        .bind("after", afterId)
        .bind("limit", limit)
        .map((row, _) -> read(row))
        .list();
  }

  static List<FaceCollection> list(Handle handle, long afterNumber, int limit) {
    return handle
        .createQuery("SELECT * FROM collection WHERE number > :after ORDER BY number LIMIT :limit")
        .bind("after", afterNumber)
        .bind("limit", limit)
        .map((row, _) -> read(row))
        .list();
  }

  static FaceCollection update(
      Handle handle, CollectionKey key, UnaryOperator<CollectionDetails> change, Instant now) {
    FaceCollection collection = require(handle, key);
    CollectionDetails details = change.apply(collection.details());
    bindDetails(
            handle.createUpdate(
                """
                UPDATE collection
                SET display_name = :displayName, match_threshold = :threshold, face_ttl = :ttl,
                  metadata = :metadata, updated = :now
                WHERE number = :number"""),
            details)
        .bind("number", collection.number())
        .bind("now", Micros.of(now))
        .execute();
    return new FaceCollection(
        collection.number(),
        key,
        collection.model(),
        collection.dimension(),
        details,
        collection.created(),
        now);
  }

  static Deletion drop(Handle handle, CollectionKey key, boolean force, Instant now) {
    FaceCollection collection = require(handle, key);
    if (!force && FaceTable.any(handle, collection)) {
      throw new LedgerRefusal(
          Reason.COLLECTION_NOT_EMPTY, "the collection " + key.collectionId() + " holds faces");
    }
    int faces = 0;
    for (String table : List.of("request", "tombstone", "face", "subject")) {
      int rows =
          handle.execute("DELETE FROM " + table + " WHERE collection = ?", collection.number());
      faces = table.equals("face") ? rows : faces;
    }
    handle.execute("DELETE FROM collection WHERE number = ?", collection.number());
    return new Deletion(faces, TombstoneTable.bury(handle, collection, now), now);
  }

  static Statistics statistics(Handle handle, FaceCollection collection) {
    return handle
        .createQuery(
            """
            SELECT
              (SELECT COUNT(*) FROM subject WHERE collection = :number) AS subjects,
              (SELECT COUNT(*) FROM face WHERE collection = :number) AS faces,
              (SELECT COUNT(*) FROM face WHERE collection = :number AND chip <> '') AS images,
              (SELECT MAX(sequence) FROM face WHERE collection = :number) AS enrolled,
              (SELECT MAX(sequence) FROM tombstone WHERE collection = :number) AS deleted,
              (SELECT created FROM face WHERE collection = :number
                ORDER BY sequence DESC LIMIT 1) AS newest_face""")
        .bind("number", collection.number())
        .map(
            (row, _) ->
                new Statistics(
                    row.getLong("subjects"),
                    row.getLong("faces"),
                    row.getLong("images"),
                    Math.max(row.getLong("enrolled"), row.getLong("deleted")),
                    Optional.ofNullable(row.getObject("newest_face"))
                        .map(micros -> Micros.toInstant(((Number) micros).longValue()))))
        .one();
  }

  private static LedgerRefusal notFound(CollectionKey key) {
    return new LedgerRefusal(
        Reason.COLLECTION_NOT_FOUND, "there is no collection " + key.collectionId());
  }

  private static <S extends SqlStatement<S>> S bindDetails(S statement, CollectionDetails details) {
    return statement
        .bind("displayName", details.displayName())
        .bind("threshold", details.matchThreshold())
        .bind("ttl", details.faceTtl().map(ttl -> ttl.dividedBy(ChronoUnit.MICROS.getDuration())))
        .bind("metadata", details.metadata());
  }

  private static FaceCollection read(ResultSet row) throws SQLException {
    long ttl = row.getLong("face_ttl");
    Optional<Duration> faceTtl =
        row.wasNull() ? Optional.empty() : Optional.of(Duration.of(ttl, ChronoUnit.MICROS));
    return new FaceCollection(
        row.getLong("number"),
        new CollectionKey(row.getString("tenant_id"), row.getString("collection_id")),
        new ModelId(
            row.getString("model_name"),
            row.getString("model_version"),
            row.getString("weights_sha256"),
            row.getString("preprocessing_sha256")),
        row.getInt("dimension"),
        new CollectionDetails(
            row.getString("display_name"),
            row.getFloat("match_threshold"),
            faceTtl,
            row.getString("metadata")),
        Micros.toInstant(row.getLong("created")),
        Micros.toInstant(row.getLong("updated")));
  }
}
