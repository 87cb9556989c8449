package dev.facet.gateway.gallery.milvus;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.GetLoadStateReq;
import io.milvus.v2.service.collection.request.LoadCollectionReq;
import io.milvus.v2.service.vector.request.DeleteReq;
import io.milvus.v2.service.vector.request.QueryReq;
import io.milvus.v2.service.vector.request.UpsertReq;
import io.milvus.v2.service.vector.response.QueryResp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What Milvus holds, kept in Milvus itself, so that data and position are lost or put back
 * together: a small collection with a row for each of Facet's, and one for each of the positions.
 *
 * @param position of the ledger up to which the index holds everything
 * @param reached position up to which it may hold something; nothing beyond was ever written
 * @param places by the numbers of the collections
 */
record IndexState(long position, long reached, Map<Long, Place> places) {
  private static final String KEY = "key";
  private static final String POSITION = "position";
  private static final String GENERATION = "generation";
  private static final String KEPT = "kept";

  /** A collection must have a vector. */
  private static final String VECTOR = "vector";

  /** The row of the position; no collection has this number. */
  private static final long OF_ALL = 0;

  /** The row of the position that writers have set out for. */
  private static final long REACHED = -1;

  /**
   * Where a collection is.
   *
   * @param generation of the copy that serves
   * @param kept generation of the copy that it replaced; 0 for none
   * @param followed position up to which that one was filled
   */
  record Place(long generation, long kept, long followed) {}

  static void create(MilvusClientV2 milvus, String name) {
    CreateCollectionReq.CollectionSchema schema =
        CreateCollectionReq.CollectionSchema.builder().enableDynamicField(false).build();
    schema.addField(
        AddFieldReq.builder().fieldName(KEY).dataType(DataType.Int64).isPrimaryKey(true).build());
    for (String field : List.of(POSITION, GENERATION, KEPT)) {
      schema.addField(AddFieldReq.builder().fieldName(field).dataType(DataType.Int64).build());
    }
    schema.addField(
        AddFieldReq.builder()
            .fieldName(VECTOR)
            .dataType(DataType.FloatVector)
            .dimension(2)
            .build());
    IndexParam index =
        IndexParam.builder()
            .fieldName(VECTOR)
            .indexName(VECTOR)
            .indexType(IndexParam.IndexType.FLAT)
            .metricType(IndexParam.MetricType.L2)
            .build();
    milvus.createCollection(
        CreateCollectionReq.builder()
            .collectionName(name)
            .collectionSchema(schema)
            .indexParams(List.of(index))
            .numShards(1)
            .build());
    load(milvus, name);
  }

  static void load(MilvusClientV2 milvus, String name) {
    if (!milvus.getLoadState(GetLoadStateReq.builder().collectionName(name).build())) {
      milvus.loadCollection(LoadCollectionReq.builder().collectionName(name).build());
    }
  }

  static IndexState read(MilvusClientV2 milvus, String name) {
    QueryResp answer =
        milvus.query(
            QueryReq.builder()
                .collectionName(name)
                .filter(KEY + " >= " + REACHED)
                .outputFields(List.of(KEY, POSITION, GENERATION, KEPT))
                .consistencyLevel(ConsistencyLevel.STRONG)
                .limit(FaceRows.MOST)
                .build());
    long position = 0;
    long reached = 0;
    Map<Long, Place> places = new HashMap<>();
    for (QueryResp.QueryResult row : answer.getQueryResults()) {
      long key = number(row, KEY);
      if (key == OF_ALL) {
        position = number(row, POSITION);
      } else if (key == REACHED) {
        reached = number(row, POSITION);
      } else {
        places.put(
            key, new Place(number(row, GENERATION), number(row, KEPT), number(row, POSITION)));
      }
    }
    return new IndexState(position, Math.max(position, reached), Map.copyOf(places));
  }

  private static long number(QueryResp.QueryResult row, String field) {
    return ((Number) Objects.requireNonNull(row.getEntity().get(field))).longValue();
  }

  static void writePosition(MilvusClientV2 milvus, String name, long position) {
    write(milvus, name, OF_ALL, new Place(0, 0, position));
  }

  static void writeReached(MilvusClientV2 milvus, String name, long reached) {
    write(milvus, name, REACHED, new Place(0, 0, reached));
  }

  static void write(MilvusClientV2 milvus, String name, long collection, Place place) {
    JsonArray vector = new JsonArray();
    vector.add(0f);
    vector.add(0f);
    JsonObject row = new JsonObject();
    row.addProperty(KEY, collection);
    row.addProperty(POSITION, place.followed());
    row.addProperty(GENERATION, place.generation());
    row.addProperty(KEPT, place.kept());
    row.add(VECTOR, vector);
    milvus.upsert(UpsertReq.builder().collectionName(name).data(List.of(row)).build());
  }

  static void remove(MilvusClientV2 milvus, String name, long collection) {
    milvus.delete(
        DeleteReq.builder().collectionName(name).filter(KEY + " in [" + collection + "]").build());
  }
}
