package dev.facet.detector.image;

import static dev.facet.detector.image.ImageFault.IMAGE_DIMENSIONS;
import static dev.facet.detector.image.ImageFault.IMAGE_TOO_LARGE;
import static dev.facet.detector.image.ImageFault.TOO_MANY_SCANS;

/**
 * How large a picture may be. The defaults let every ordinary camera pass and keep the cost of a
 * hostile file below a second and 300 MB.
 */
public record ImageLimits(
    int maxBytes,
    int minSide,
    int maxSide,
    int maxMegapixels,
    int maxMegapixelsBuffered,
    int maxAspect,
    int maxScans) {

  public static final ImageLimits DEFAULTS =
      new ImageLimits(10 * 1024 * 1024, 16, 16_384, 50, 25, 20, 64);

  void checkBytes(int bytes) {
    if (bytes > maxBytes) {
      throw new InvalidImageException(
          IMAGE_TOO_LARGE,
          "the image has %d bytes; at most %d are taken".formatted(bytes, maxBytes));
    }
  }

  /**
   * @param buffered the decoder keeps the whole picture in an intermediate form, so that a pixel
   *     costs twice: everything but a JPEG of one scan
   */
  void checkSize(long width, long height, boolean buffered) {
    long shorter = Math.min(width, height);
    long longer = Math.max(width, height);
    int megapixels = buffered ? maxMegapixelsBuffered : maxMegapixels;
    String rule;
    if (shorter < minSide || longer > maxSide) {
      rule = "sides of %d to %d pixels".formatted(minSide, maxSide);
    } else if (longer > shorter * maxAspect) {
      rule = "an aspect of at most %d to 1".formatted(maxAspect);
    } else if (width * height > megapixels * 1_000_000L) {
      rule = "at most %d megapixels%s".formatted(megapixels, buffered ? " in this encoding" : "");
    } else {
      return;
    }
    throw new InvalidImageException(
        IMAGE_DIMENSIONS, "the image has %dx%d pixels; wanted: %s".formatted(width, height, rule));
  }

  void checkScans(int scans) {
    if (scans > maxScans) {
      throw new InvalidImageException(
          TOO_MANY_SCANS, "the JPEG has more than %d scans".formatted(maxScans));
    }
  }
}
