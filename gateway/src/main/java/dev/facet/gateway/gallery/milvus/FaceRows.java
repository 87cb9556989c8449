package dev.facet.gateway.gallery.milvus;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.GalleryException;
import dev.facet.gateway.gallery.Hit;
import dev.facet.gateway.ledger.UnitVector;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import io.milvus.v2.service.collection.request.DropCollectionReq;
import io.milvus.v2.service.collection.request.GetLoadStateReq;
import io.milvus.v2.service.collection.request.HasCollectionReq;
import io.milvus.v2.service.collection.request.LoadCollectionReq;
import io.milvus.v2.service.index.request.DescribeIndexReq;
import io.milvus.v2.service.index.response.DescribeIndexResp;
import io.milvus.v2.service.utility.request.FlushReq;
import io.milvus.v2.service.vector.request.DeleteReq;
import io.milvus.v2.service.vector.request.QueryReq;
import io.milvus.v2.service.vector.request.SearchReq;
import io.milvus.v2.service.vector.request.UpsertReq;
import io.milvus.v2.service.vector.request.data.FloatVec;
import io.milvus.v2.service.vector.response.QueryResp;
import io.milvus.v2.service.vector.response.SearchResp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is asked of Milvus, in its words: collections of a number and a vector. Filters hold numbers
 * only, so nothing that a caller chose is ever part of one.
 */
final class FaceRows {
  static final String KEY = "key";
  static final String VECTOR = "vector";

  /** Milvus answers no more hits, or rows, at once. */
  static final int MOST = 16_384;

  /** Numbers in a filter. */
  private static final int FILTER = 5_000;

  private static final Duration INDEXING = Duration.ofMinutes(30);

  private FaceRows() {}

  static boolean exists(MilvusClientV2 milvus, String name) {
    return milvus.hasCollection(HasCollectionReq.builder().collectionName(name).build());
  }

  /** Creates a collection with its index and loads it. */
  static void create(
      MilvusClientV2 milvus, String name, int dimension, MilvusSettings.Index settings) {
    CreateCollectionReq.CollectionSchema schema =
        CreateCollectionReq.CollectionSchema.builder().enableDynamicField(false).build();
    schema.addField(
        AddFieldReq.builder().fieldName(KEY).dataType(DataType.Int64).isPrimaryKey(true).build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName(VECTOR)
            .dataType(DataType.FloatVector)
            .dimension(dimension)
            .build());
    Map<String, Object> graph = new HashMap<>();
    graph.put("M", settings.m());
    graph.put("efConstruction", settings.efConstruction());
    IndexParam index =
        IndexParam.builder()
            .fieldName(VECTOR)
            .indexName(VECTOR)
            .indexType(IndexParam.IndexType.HNSW)
            .metricType(IndexParam.MetricType.L2)
            .extraParams(graph)
            .build();
    milvus.createCollection(
        CreateCollectionReq.builder()
            .collectionName(name)
            .collectionSchema(schema)
            .indexParams(List.of(index))
            .numShards(settings.shards())
            .consistencyLevel(ConsistencyLevel.BOUNDED)
            .build());
    load(milvus, name, settings);
  }

  /** Loads a collection that a server that was restarted may have forgotten to. */
  static void load(MilvusClientV2 milvus, String name, MilvusSettings.Index settings) {
    if (!milvus.getLoadState(GetLoadStateReq.builder().collectionName(name).build())) {
      milvus.loadCollection(
          LoadCollectionReq.builder()
              .collectionName(name)
              .numReplicas(settings.replicas())
              .build());
    }
  }

  /** Refuses a collection of somebody else's making. */
  static void requireOurs(MilvusClientV2 milvus, String name, int dimension) {
    CreateCollectionReq.CollectionSchema schema =
        milvus
            .describeCollection(DescribeCollectionReq.builder().collectionName(name).build())
            .getCollectionSchema();
    CreateCollectionReq.FieldSchema vector = schema.getField(VECTOR);
    if (schema.getField(KEY) == null
        || vector == null
        || !Integer.valueOf(dimension).equals(vector.getDimension())) {
      throw new GalleryException("Milvus has a collection " + name + " that is not Facet's");
    }
  }

  static void drop(MilvusClientV2 milvus, String name) {
    milvus.dropCollection(DropCollectionReq.builder().collectionName(name).build());
  }

  static void upsert(MilvusClientV2 milvus, String name, List<Entry> entries) {
    List<JsonObject> rows = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      JsonArray values = new JsonArray(entry.vector().dimension());
      for (float value : entry.vector().values()) {
        values.add(value);
      }
      JsonObject row = new JsonObject();
      row.addProperty(KEY, entry.key());
      row.add(VECTOR, values);
      rows.add(row);
    }
    milvus.upsert(UpsertReq.builder().collectionName(name).data(rows).build());
  }

  static void delete(MilvusClientV2 milvus, String name, List<Long> keys) {
    for (int from = 0; from < keys.size(); from += FILTER) {
      List<Long> some = keys.subList(from, Math.min(from + FILTER, keys.size()));
      milvus.delete(DeleteReq.builder().collectionName(name).filter(among(some)).build());
    }
  }

  static String among(List<Long> keys) {
    return KEY + " in " + keys;
  }

  /**
   * The nearest rows, with distances computed from their vectors.
   *
   * @param filter empty for all
   */
  static List<Hit> search(
      MilvusClientV2 milvus,
      String name,
      UnitVector vector,
      int limit,
      int ef,
      String filter,
      ConsistencyLevel consistency) {
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("ef", Math.max(ef, limit));
    SearchResp answer =
        milvus.search(
            SearchReq.builder()
                .collectionName(name)
                .annsField(VECTOR)
                .metricType(IndexParam.MetricType.L2)
                .data(List.of(new FloatVec(vector.values())))
                .limit(limit)
                .filter(filter)
                .outputFields(List.of(VECTOR))
                .searchParams(parameters)
                .consistencyLevel(consistency)
                .build());
    List<Hit> hits = new ArrayList<>();
    for (SearchResp.SearchResult result : answer.getSearchResults().getFirst()) {
      List<?> values = (List<?>) Objects.requireNonNull(result.getEntity().get(VECTOR));
      hits.add(new Hit((Long) result.getId(), squaredDistance(vector, values)));
    }
    return hits;
  }

  private static float squaredDistance(UnitVector vector, List<?> values) {
    double sum = 0;
    for (int i = 0; i < vector.dimension(); i++) {
      double difference = ((Number) values.get(i)).doubleValue() - vector.value(i);
      sum += difference * difference;
    }
    return (float) sum;
  }

  /** How many rows pass the filter, every acknowledged write counted. */
  static long count(MilvusClientV2 milvus, String name, String filter) {
    QueryResp answer =
        milvus.query(
            QueryReq.builder()
                .collectionName(name)
                .filter(filter)
                .outputFields(List.of("count(*)"))
                .consistencyLevel(ConsistencyLevel.STRONG)
                .build());
    Object count = answer.getQueryResults().getFirst().getEntity().get("count(*)");
    return ((Number) Objects.requireNonNull(count)).longValue();
  }

  /** Keys that pass the filter, of which there must be fewer than {@link #MOST}. */
  static List<Long> keys(MilvusClientV2 milvus, String name, String filter) {
    QueryResp answer =
        milvus.query(
            QueryReq.builder()
                .collectionName(name)
                .filter(filter)
                .outputFields(List.of(KEY))
                .consistencyLevel(ConsistencyLevel.STRONG)
                .limit(MOST)
                .build());
    return answer.getQueryResults().stream()
        .map(row -> ((Number) Objects.requireNonNull(row.getEntity().get(KEY))).longValue())
        .sorted()
        .toList();
  }

  /**
   * Makes all that was written part of the index, and waits for it. Before, searches of it are
   * approximate in a way of their own and settings have no effect.
   *
   * @param meanwhile runs every few seconds; may throw, which ends the waiting
   */
  static void settle(MilvusClientV2 milvus, String name, Duration flushing, Runnable meanwhile)
      throws InterruptedException {
    milvus.flush(
        FlushReq.builder()
            .collectionNames(List.of(name))
            .waitFlushedTimeoutMs(flushing.toMillis())
            .build());
    long end = System.nanoTime() + INDEXING.toNanos();
    for (int looks = 1; !isIndexed(milvus, name); looks++) {
      if (looks % 25 == 0) {
        meanwhile.run();
      }
      if (System.nanoTime() > end) {
        throw new GalleryException("Milvus did not index " + name + " in time");
      }
      Thread.sleep(200);
    }
  }

  private static boolean isIndexed(MilvusClientV2 milvus, String name) {
    DescribeIndexResp answer =
        milvus.describeIndex(
            DescribeIndexReq.builder().collectionName(name).fieldName(VECTOR).build());
    return answer.getIndexDescriptions().stream()
        .allMatch(index -> index.getPendingIndexRows() == 0);
  }
}
