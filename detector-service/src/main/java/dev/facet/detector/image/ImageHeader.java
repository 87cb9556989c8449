package dev.facet.detector.image;

/**
 * What an encoded picture says of itself, after {@link ImageGuard} has found it within the limits.
 *
 * @param width pixels in a row as stored, before the orientation is applied
 * @param height rows as stored
 * @param orientation how the stored pixels lie
 * @param decoderBytesPerPixel native memory the decoder takes at its peak, pixels included
 * @param animated there are more frames; only the first is used
 */
public record ImageHeader(
    ImageFormat format,
    int width,
    int height,
    Orientation orientation,
    int decoderBytesPerPixel,
    boolean animated) {

  /** Eight-bit red, green, blue. */
  static final int RGB_BYTES = 3;

  /** Pixels in a row of the upright picture. */
  public int uprightWidth() {
    return orientation.transposed() ? height : width;
  }

  /** Rows of the upright picture. */
  public int uprightHeight() {
    return orientation.transposed() ? width : height;
  }

  /**
   * Native memory that decoding takes at its peak, in bytes; turning needs a second picture. What a
   * decoder keeps besides the pixels is of the whole picture, however few it makes of it.
   */
  long decodingBytes(Reduction reduction) {
    long whole = (long) width * height * (decoderBytesPerPixel - RGB_BYTES);
    int pictures = orientation == Orientation.UPRIGHT ? 1 : 2;
    return whole + (long) reduction.side(width) * reduction.side(height) * RGB_BYTES * pictures;
  }
}
