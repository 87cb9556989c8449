package dev.facet.gateway.gallery.milvus;

import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.ForwardingGallery;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.ledger.FaceCollection;
import io.milvus.v2.common.ConsistencyLevel;
import java.util.List;

/** Milvus alone, asked for what it was told a moment ago: searches wait for it, and some writes. */
final class SettlingIndex extends ForwardingGallery {
  private static final int WORTH_AN_INDEX = 2_000;

  private final MilvusIndex index;

  SettlingIndex(MilvusSettings settings) {
    index = new MilvusIndex(settings, ConsistencyLevel.STRONG);
  }

  @Override
  protected Gallery gallery() {
    return index;
  }

  @Override
  public void upsert(FaceCollection collection, List<Entry> entries) {
    super.upsert(collection, entries);
    if (entries.size() >= WORTH_AN_INDEX) {
      try {
        index.settle(collection, () -> {});
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Leaves nothing on the server. */
  @Override
  public void close() {
    index.forget();
    index.close();
  }
}
