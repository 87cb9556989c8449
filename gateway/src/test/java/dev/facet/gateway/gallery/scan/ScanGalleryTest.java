package dev.facet.gateway.gallery.scan;

import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.GalleryContract;

class ScanGalleryTest implements GalleryContract {
  @Override
  public Gallery open() {
    return ScanGallery.inMemory();
  }
}
