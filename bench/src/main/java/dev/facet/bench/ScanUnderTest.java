package dev.facet.bench;

import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.Query;
import dev.facet.gateway.gallery.ScanGallery;
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

/** Facet's embedded gallery. A face's key is its row + 1, as a new ledger would number them. */
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

  private final Gallery gallery = new ScanGallery();

  @Override
  public String name() {
    return "scan";
  }

  @Override
  public String description() {
    return "Facet's scan, in memory";
  }

  @Override
  public List<Integer> efforts() {
    return List.of(0);
  }

  @Override
  public String setting(int effort) {
    return "exact";
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
  public boolean reopen() {
    return false;
  }

  @Override
  public Search search(int effort) {
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
  public Optional<Path> files() {
    return Optional.empty();
  }

  @Override
  public void close() {
    gallery.close();
  }
}
