package dev.facet.detector;

import org.bytedeco.opencv.opencv_core.Mat;

/** Pixels of one face, ready for an embedding model. */
public final class Crop {
  private final int width;
  private final int height;
  private final byte[] rgb;

  private Crop(int width, int height, byte[] rgb) {
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  /** Cuts a crop out of a picture along a map. */
  static Crop cut(Mat picture, Affine toCrop, int width, int height) {
    try (Mat cut = Resampler.cut(picture, toCrop, width, height)) {
      byte[] rgb = new byte[width * height * 3];
      cut.data().get(rgb);
      return new Crop(width, height, rgb);
    }
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** Red, green, blue; row by row, no padding. Not to be changed. */
  public byte[] rgb() {
    return rgb;
  }
}
