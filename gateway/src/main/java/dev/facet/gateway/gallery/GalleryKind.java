package dev.facet.gateway.gallery;

/** The kinds of gallery that a gateway can search. */
public enum GalleryKind {
  /** An exact scan in every gateway. */
  SCAN,
  /** A Milvus that all gateways share. */
  MILVUS
}
