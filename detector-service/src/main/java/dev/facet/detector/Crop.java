package dev.facet.detector;

import dev.facet.detector.image.Picture;
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

  /** Cuts a crop out of a picture along a map from the picture's own pixels. */
  static Crop cut(Picture picture, Affine toCrop, int width, int height) {
    try (Mat cut = Resampler.cut(picture, toCrop, width, height)) {
      return of(cut);
    }
  }

  /** Cuts a crop out of pixels along a map from them. */
  static Crop cut(Mat pixels, Affine toCrop, int width, int height) {
    try (Mat cut = Resampler.cut(pixels, toCrop, width, height)) {
      return of(cut);
    }
  }

  private static Crop of(Mat cut) {
    byte[] rgb = new byte[cut.cols() * cut.rows() * 3];
    cut.data().get(rgb);
    return new Crop(cut.cols(), cut.rows(), rgb);
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
