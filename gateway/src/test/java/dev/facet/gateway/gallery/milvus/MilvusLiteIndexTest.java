package dev.facet.gateway.gallery.milvus;

import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.GalleryContract;
import dev.facet.gateway.testing.MilvusServer;

/** The gallery's contract, kept over the protocol of Milvus 2.6. */
class MilvusLiteIndexTest implements GalleryContract {
  @Override
  public Gallery open() {
    return new SettlingIndex(TestSettings.on(MilvusServer.sharedLite().uri()));
  }
}
