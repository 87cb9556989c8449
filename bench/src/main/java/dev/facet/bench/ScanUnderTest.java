package dev.facet.bench;

import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.Query;
import dev.facet.gateway.gallery.scan.ScanGallery;
import dev.facet.gateway.ledger.CollectionDetails;
import dev.facet.gateway.ledger.CollectionKey;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.ModelId;
import dev.facet.gateway.ledger.UnitVector;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Facet's embedded gallery, in a folder. A face's key is its row + 1, as a new ledger would number
 * them. The effort is the number of threads that share the scan of a large gallery.
 */
final class ScanUnderTest implements GalleryUnderTest {

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

  private final Path folder;
  private final List<Integer> efforts;
  private Gallery gallery;
  private int scanThreads;

  /**
   * An empty one.
   *
   * @param threads that may share a scan, the first of the efforts being 1
   */
  ScanUnderTest(Path folder, int threads) {
    this.folder = folder;
    this.efforts = threads == 1 ? List.of(1) : List.of(1, threads);
    this.scanThreads = efforts.getFirst();
    this.gallery = ScanGallery.in(folder, scanThreads);
  }

  @Override
  public String name() {
    return "scan";
  }

  @Override
  public String description() {
    return "Facet's scan, vectors in a mapped file";
  }

  @Override
  public List<Integer> efforts() {
    return efforts;
  }

  @Override
  public String setting(int effort) {
    return effort == 1 ? "1 thread" : "up to " + effort + " threads";
  }

  @Override
  public void build(VectorFile vectors) {
    gallery.open(COLLECTION);
    for (int first = 0; first < vectors.rows(); first += BATCH) {
      List<Entry> entries = new ArrayList<>(BATCH);
      for (int row = first; row < Math.min(vectors.rows(), first + BATCH); row++) {
        entries.add(new Entry(row + 1L, UnitVector.of(vectors.row(row))));
      }
      gallery.upsert(COLLECTION, entries);
      gallery.advance(first + entries.size());
    }
  }

  @Override
  public void delete(BitSet rows) {
    gallery.delete(COLLECTION, rows.stream().mapToObj(row -> row + 1L).toList());
  }

  @Override
  public void reopen() {
    gallery.close();
    gallery = ScanGallery.in(folder, scanThreads);
  }

  @Override
  public Search search(int effort) {
    if (effort != scanThreads) {
      scanThreads = effort;
      reopen();
    }
    return (query, limit) ->
        gallery
            .search(
                COLLECTION,
                new Query(query, MODEL, limit, Float.POSITIVE_INFINITY, Optional.empty()))
            .stream()
            .mapToInt(hit -> (int) (hit.key() - 1))
            .toArray();
  }

  @Override
  public Path files() {
    return folder;
  }

  @Override
  public void close() {
    gallery.close();
  }
}
