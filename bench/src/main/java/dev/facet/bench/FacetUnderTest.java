package dev.facet.bench;

import dev.facet.gateway.gallery.Draft;
import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.Query;
import dev.facet.gateway.gallery.milvus.MilvusIndex;
import dev.facet.gateway.gallery.milvus.MilvusSettings;
import dev.facet.gateway.gallery.scan.ScanGallery;
import dev.facet.gateway.ledger.CollectionDetails;
import dev.facet.gateway.ledger.CollectionKey;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.ModelId;
import dev.facet.gateway.ledger.UnitVector;
import io.milvus.v2.common.ConsistencyLevel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * One of Facet's own galleries, built as a draft that takes the place of an empty collection. A
 * face's key is its row + 1, as a new ledger would number them.
 */
final class FacetUnderTest implements GalleryUnderTest {

  /** Faces written at a time. */
  private static final int BATCH = 1000;

  private static final ModelId MODEL = new ModelId("drawn", "1", "0".repeat(64), "0".repeat(64));

  private static final FaceCollection COLLECTION =
      new FaceCollection(
          1,
          new CollectionKey("bench", "bench"),
          MODEL,
          FaceFactors.DIMENSION,
          new CollectionDetails("", 1.25f, Optional.empty(), "{}"),
          Instant.EPOCH,
          Instant.EPOCH);

  private final String name;
  private final String description;
  private final List<Integer> efforts;
  private final IntFunction<String> settings;
  private final IntFunction<Gallery> openings;
  private final LongSupplier disk;
  private final LongSupplier memoryElsewhere;
  private int effort;
  private Gallery gallery;

  private FacetUnderTest(
      String name,
      String description,
      List<Integer> efforts,
      IntFunction<String> settings,
      IntFunction<Gallery> openings,
      LongSupplier disk,
      LongSupplier memoryElsewhere) {
    this.name = name;
    this.description = description;
    this.efforts = efforts;
    this.settings = settings;
    this.openings = openings;
    this.disk = disk;
    this.memoryElsewhere = memoryElsewhere;
    effort = efforts.getFirst();
    gallery = openings.apply(effort);
  }

  /**
   * The embedded gallery.
   *
   * @param folder of its own
   * @param threads that may share the scan of a large gallery, tried after one alone; they are the
   *     effort
   */
  static FacetUnderTest scan(Path folder, int threads) {
    return new FacetUnderTest(
        "scan",
        "Facet's scan, vectors in a mapped file",
        threads == 1 ? List.of(1) : List.of(1, threads),
        effort -> effort == 1 ? "1 thread" : "up to " + effort + " threads",
        effort -> ScanGallery.in(folder, "bench", effort),
        () -> Scratch.bytes(folder),
        () -> 0);
  }

  /**
   * The gallery on Milvus; what is there of Facet's collection is replaced.
   *
   * @param efforts {@code ef} of the graph
   */
  static FacetUnderTest milvus(MilvusOptions server, List<Integer> efforts) {
    MilvusSettings settings = server.settings(efforts.getFirst());
    return new FacetUnderTest(
        "milvus",
        "Facet on Milvus, HNSW float32, M %d, efConstruction %d"
            .formatted(settings.index().m(), settings.index().efConstruction()),
        efforts,
        effort -> "ef " + effort,
        effort -> new MilvusIndex(server.settings(effort), ConsistencyLevel.BOUNDED),
        server::disk,
        server::memory);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public List<Integer> efforts() {
    return efforts;
  }

  @Override
  public String setting(int effort) {
    return settings.apply(effort);
  }

  @Override
  public void build(VectorFile vectors) {
    gallery.open(COLLECTION);
    try (Draft draft = gallery.draft(COLLECTION)) {
      for (int first = 0; first < vectors.rows(); first += BATCH) {
        List<Entry> entries = new ArrayList<>(BATCH);
        for (int row = first; row < Math.min(vectors.rows(), first + BATCH); row++) {
          entries.add(new Entry(row + 1L, UnitVector.of(vectors.row(row))));
        }
        draft.upsert(entries);
      }
      draft.finish();
      draft.publish(vectors.rows());
    }
    gallery.kept(COLLECTION).ifPresent(Draft::close);
    gallery.advance(vectors.rows());
  }

  @Override
  public void delete(BitSet rows) {
    gallery.delete(COLLECTION, rows.stream().mapToObj(row -> row + 1L).toList());
  }

  @Override
  public void reopen() {
    gallery.close();
    gallery = openings.apply(effort);
  }

  @Override
  public Search search(int wanted) {
    if (wanted != effort) {
      effort = wanted;
      reopen();
    }
    return this::nearest;
  }

  private int[] nearest(UnitVector query, int limit) {
    Query asked = new Query(query, MODEL, limit, Float.POSITIVE_INFINITY, Optional.empty());
    return gallery.search(COLLECTION, asked).stream()
        .mapToInt(hit -> (int) (hit.key() - 1))
        .toArray();
  }

  @Override
  public long disk() {
    return disk.getAsLong();
  }

  @Override
  public long memoryElsewhere() {
    return memoryElsewhere.getAsLong();
  }

  @Override
  public void close() {
    gallery.drop(COLLECTION.number()); // a server would keep it
    gallery.close();
  }
}
