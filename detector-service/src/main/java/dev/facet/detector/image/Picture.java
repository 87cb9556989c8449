package dev.facet.detector.image;

import org.bytedeco.opencv.opencv_core.Mat;

/** A decoded picture: upright, eight-bit, interleaved red, green, blue, in native memory. */
public final class Picture implements AutoCloseable {
  private final ImageHeader header;
  private final Mat rgb;
  private final DecodeBudget.Share share;

  Picture(ImageHeader header, Mat rgb, DecodeBudget.Share share) {
    this.header = header;
    this.rgb = rgb;
    this.share = share;
  }

  /** What the encoded picture said of itself. */
  public ImageHeader header() {
    return header;
  }

  /** Pixels in a row, upright. */
  public int width() {
    return rgb.cols();
  }

  /** Rows, upright. */
  public int height() {
    return rgb.rows();
  }

  /** The pixels; valid until the picture is closed, and not to be changed or closed. */
  public Mat rgb() {
    return rgb;
  }

  /** Frees the pixels and their share of the memory budget. */
  @Override
  public void close() {
    rgb.close();
    share.close();
  }
}
