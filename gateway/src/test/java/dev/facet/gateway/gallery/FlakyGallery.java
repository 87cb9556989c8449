package dev.facet.gateway.gallery;

/** A scan gallery that can be out of order, or lose everything as a restarted server does. */
final class FlakyGallery extends ForwardingGallery {
  private volatile ScanGallery gallery = new ScanGallery();
  private volatile boolean failing;

  void fail(boolean from) {
    failing = from;
  }

  /** The next write fails, and finds an empty gallery afterwards. */
  void lose() {
    gallery = new ScanGallery();
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
