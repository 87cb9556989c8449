package dev.facet.detector.image;

import static dev.facet.detector.image.ImageFault.IMAGE_DIMENSIONS;
import static dev.facet.detector.image.ImageFault.IMAGE_TOO_LARGE;
import static dev.facet.detector.image.ImageFault.TOO_MANY_SCANS;

import dev.facet.bootstrap.Require;
import dev.facet.bootstrap.Setting;

/**
 * How large a picture may be. The defaults let every ordinary camera pass and keep the cost of a
 * hostile file below a second and 300 MB.
 */
public record ImageLimits(
    @Setting(value = "10485760", unit = "bytes", doc = "Largest encoded picture") int maxBytes,
    @Setting(value = "16", unit = "pixels", doc = "Shortest side of a picture") int minSide,
    @Setting(value = "16384", unit = "pixels", doc = "Longest side of a picture") int maxSide,
    @Setting(value = "50", unit = "megapixels", doc = "Largest JPEG of one scan") int maxMegapixels,
    @Setting(
            value = "25",
            unit = "megapixels",
            doc = "Largest picture that is decoded in memory as a whole: other JPEG, PNG, WebP")
        int maxMegapixelsBuffered,
    @Setting(value = "20", doc = "Longer side over shorter side of a picture") int maxAspect,
    @Setting(value = "64", doc = "Scans in a JPEG; no ordinary encoder writes more than 20")
        int maxScans) {

  public ImageLimits {
    Require.between("max-bytes", maxBytes, 1, 1 << 30);
    Require.between("min-side", minSide, 1, maxSide);
    Require.between("max-side", maxSide, 1, 65_535);
    Require.between("max-megapixels", maxMegapixels, 1, 1_000);
    Require.between("max-megapixels-buffered", maxMegapixelsBuffered, 1, 1_000);
    Require.between("max-aspect", maxAspect, 1, 65_535);
    Require.between("max-scans", maxScans, 1, 100_000);
  }

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
