package dev.facet.gateway.gallery;

class ScanGalleryTest implements GalleryContract {
  @Override
  public Gallery open() {
    return new ScanGallery();
  }
}
