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

  /** Native memory that decoding takes at its peak, in bytes; turning needs a second picture. */
  public long decodingBytes() {
    int turned = orientation == Orientation.UPRIGHT ? 0 : RGB_BYTES;
    return (long) width * height * (decoderBytesPerPixel + turned);
  }
}
