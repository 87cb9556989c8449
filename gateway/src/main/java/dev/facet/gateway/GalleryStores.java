package dev.facet.gateway;

import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.GalleryKind;
import dev.facet.gateway.gallery.ServingGallery;
import dev.facet.gateway.gallery.milvus.MilvusGallery;
import dev.facet.gateway.gallery.scan.ScanGallery;
import dev.facet.gateway.ledger.Ledger;
import io.grpc.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The galleries that the settings allow for. */
final class GalleryStores {
  private static final Logger log = LoggerFactory.getLogger(GalleryStores.class);

  private final GatewaySettings settings;
  private final Ledger ledger;

  GalleryStores(GatewaySettings settings, Ledger ledger) {
    this.settings = settings;
    this.ledger = ledger;
  }

  /** The one that the gateways were last moved to; without a move Milvus, where there is one. */
  ServingGallery serving() {
    GalleryKind kind =
        ledger
            .chosenGallery()
            .map(GalleryKind::valueOf)
            .orElse(hasMilvus() ? GalleryKind.MILVUS : GalleryKind.SCAN);
    if (kind == GalleryKind.MILVUS && !hasMilvus()) {
      log.warn("The gallery was moved to Milvus, and milvus.server.uri is not set; scanning");
      kind = GalleryKind.SCAN;
    }
    log.info("Faces are searched by {}", kind);
    return new ServingGallery(kind, open(kind));
  }

  /**
   * Opens a gallery.
   *
   * @throws Refusal GALLERY_NOT_CONFIGURED
   */
  Gallery open(GalleryKind kind) {
    require(kind);
    return switch (kind) {
      case MILVUS -> new MilvusGallery(settings.milvus(), ledger);
      case SCAN ->
          ScanGallery.in(
              settings.data().gallery(), ledger.identity(), settings.gallery().scanThreads());
    };
  }

  /**
   * Refuses what cannot be opened.
   *
   * @throws Refusal GALLERY_NOT_CONFIGURED
   */
  void require(GalleryKind kind) {
    if (kind == GalleryKind.MILVUS && !hasMilvus()) {
      throw Refusal.of(
          Status.Code.FAILED_PRECONDITION,
          "GALLERY_NOT_CONFIGURED",
          "the gateway's setting milvus.server.uri does not say where Milvus is");
    }
  }

  private boolean hasMilvus() {
    return settings.milvus().server().uri().isPresent();
  }
}
