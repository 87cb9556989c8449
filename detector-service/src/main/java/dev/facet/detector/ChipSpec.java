package dev.facet.detector;

import dev.facet.detector.image.ImageFormat;

/**
 * The picture of a face to keep.
 *
 * @param format PNG (lossless) or JPEG
 * @param enlargement side of the chip as a multiple of the longer side of the face's box
 * @param maxSide the chip is shrunk until its longer side has at most this many pixels
 * @param jpegQuality 1 to 100
 */
record ChipSpec(ImageFormat format, float enlargement, int maxSide, int jpegQuality) {

  /** Bytes of the pixels of the largest chip, which encoding does not add to. */
  long mostBytes() {
    return 3L * maxSide * maxSide;
  }
}
