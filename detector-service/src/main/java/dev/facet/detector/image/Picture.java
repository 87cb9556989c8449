package dev.facet.detector.image;

import org.bytedeco.opencv.opencv_core.Mat;

/**
 * A decoded picture: upright, eight-bit, interleaved red, green, blue, in native memory; perhaps in
 * fewer pixels than it has. Places in it are told in its own pixels all the same.
 */
public final class Picture implements AutoCloseable {
  private final ImageHeader header;
  private final Reduction reduction;
  private final Mat rgb;
  private final DecodeBudget.Share share;

  Picture(ImageHeader header, Reduction reduction, Mat rgb, DecodeBudget.Share share) {
    this.header = header;
    this.reduction = reduction;
    this.rgb = rgb;
    this.share = share;
  }

  /** What the encoded picture said of itself. */
  public ImageHeader header() {
    return header;
  }

  /** Pixels in a row of the upright picture, decoded or not. */
  public int width() {
    return header.uprightWidth();
  }

  /** Rows of the upright picture, decoded or not. */
  public int height() {
    return header.uprightHeight();
  }

  /** Pixels of the picture, along each side, for one of {@link #rgb}. */
  public int step() {
    return reduction.step();
  }

  /**
   * Left edge of {@link #rgb} in pixels of the picture: 0, or negative where the column that stands
   * for fewer of them was mirrored to the left.
   */
  public int left() {
    return header.orientation().mirroredAcross() ? width() - step() * rgb.cols() : 0;
  }

  /** Upper edge of {@link #rgb} in pixels of the picture: 0 or negative. */
  public int top() {
    return header.orientation().mirroredDown() ? height() - step() * rgb.rows() : 0;
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
