package dev.facet.gateway.gallery.milvus;

import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.GalleryContract;
import dev.facet.gateway.testing.MilvusServer;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The gallery's contract, kept by the real engine. */
@Execution(ExecutionMode.CONCURRENT)
class MilvusIndexTest implements GalleryContract {
  @Override
  public Gallery open() {
    return new SettlingIndex(TestSettings.on(MilvusServer.shared().uri()));
  }
}
