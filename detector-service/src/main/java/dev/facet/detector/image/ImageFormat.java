package dev.facet.detector.image;

/** The encodings that are decoded. Everything else is refused by name. */
public enum ImageFormat {
  JPEG,
  PNG,
  WEBP
}
