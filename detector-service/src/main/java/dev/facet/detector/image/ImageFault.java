package dev.facet.detector.image;

/** Why a picture is refused; the names are those of the contract's {@code ErrorReason}. */
public enum ImageFault {
  IMAGE_EMPTY,
  UNSUPPORTED_FORMAT,
  IMAGE_DIMENSIONS,
  TOO_MANY_SCANS,
  IMAGE_TRUNCATED,
  IMAGE_CORRUPT,
  IMAGE_TOO_LARGE
}
