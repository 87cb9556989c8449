package dev.facet.gateway.gallery;

import dev.facet.gateway.ledger.FaceCollection;
import java.util.List;

/** A scan gallery that can be out of order, or lose everything as a restarted server does. */
final class FlakyGallery implements Gallery {
  private volatile ScanGallery gallery = new ScanGallery();
  private volatile boolean failing;

  void fail(boolean from) {
    failing = from;
  }

  /** The next write fails, and finds an empty gallery afterwards. */
  void lose() {
    gallery = new ScanGallery();
  }

  private ScanGallery working() {
    if (failing) {
      throw new GalleryException("out of order");
    }
    return gallery;
  }

  @Override
  public void open(FaceCollection collection) {
    working().open(collection);
  }

  @Override
  public void upsert(FaceCollection collection, List<Entry> entries) {
    working().upsert(collection, entries);
  }

  @Override
  public void delete(FaceCollection collection, List<String> faceIds) {
    working().delete(collection, faceIds);
  }

  @Override
  public List<Hit> search(FaceCollection collection, Query query) {
    return working().search(collection, query);
  }

  @Override
  public long count(FaceCollection collection) {
    return working().count(collection);
  }

  @Override
  public void drop(long collection) {
    working().drop(collection);
  }

  @Override
  public long position() {
    return working().position();
  }

  @Override
  public void advance(long position) {
    working().advance(position);
  }

  @Override
  public void close() {
    gallery.close();
  }
}
