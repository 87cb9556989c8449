package dev.facet.detector.image;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_2;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_4;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_8;

/**
 * How much smaller than its picture a JPEG may be decoded: each block of 8 × 8 pixels is
 * transformed into fewer, which costs less than making all of them and averaging. Other formats
 * know none.
 */
enum Reduction {
  NONE(1, 0),
  HALF(2, IMREAD_REDUCED_GRAYSCALE_2),
  QUARTER(4, IMREAD_REDUCED_GRAYSCALE_4),
  EIGHTH(8, IMREAD_REDUCED_GRAYSCALE_8);

  private final int step;
  private final int flag;

  Reduction(int step, int flag) {
    this.step = step;
    this.flag = flag;
  }

  /** The greatest that makes one pixel of no more than so many, along each side. */
  static Reduction of(ImageHeader header, double mostStep) {
    Reduction chosen = NONE;
    if (header.format() == ImageFormat.JPEG) {
      for (Reduction reduction : values()) {
        chosen = reduction.step <= mostStep ? reduction : chosen;
      }
    }
    return chosen;
  }

  /** Pixels of the picture, along each side, for one decoded. */
  int step() {
    return step;
  }

  /** OpenCV's, which leaves the colours to the other flags. */
  int flag() {
    return flag;
  }

  /** Pixels decoded of so many in a row or column; the last may stand for fewer than the others. */
  int side(int pixels) {
    return Math.ceilDiv(pixels, step);
  }
}
