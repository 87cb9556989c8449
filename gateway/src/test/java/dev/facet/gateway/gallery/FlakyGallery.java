package dev.facet.gateway.gallery;

import dev.facet.gateway.gallery.scan.ScanGallery;

/** A scan gallery that can be out of order, or lose everything as a restarted server does. */
final class FlakyGallery extends ForwardingGallery {
  private volatile ScanGallery gallery = ScanGallery.inMemory();
  private volatile boolean failing;

  void fail(boolean from) {
    failing = from;
  }

  /** The next write fails, and finds an empty gallery afterwards. */
  void lose() {
    gallery = ScanGallery.inMemory();
  }

  @Override
  protected Gallery gallery() {
    if (failing) {
      throw new GalleryException("out of order");
    }
    return gallery;
  }

  @Override
  public void close() {
    gallery.close();
  }
}
