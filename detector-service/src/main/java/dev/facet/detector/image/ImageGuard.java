package dev.facet.detector.image;

import static dev.facet.detector.image.ImageFault.IMAGE_EMPTY;
import static dev.facet.detector.image.ImageFault.UNSUPPORTED_FORMAT;

/**
 * Decides from its bytes alone whether a picture may reach the native decoder.
 *
 * <p>Native decoders believe what a header says: 52 KB can ask them for 2.4 GB, and 250 KB for half
 * a minute of work. So three formats are told by their first bytes, everything else is refused by
 * name, and the structure of the three is walked to its end in plain Java, which allocates nothing
 * that depends on the bytes. A picture that passes has its size, its scans and its end within the
 * limits; that its pixels are sound only decoding can tell.
 */
public final class ImageGuard {
  private static final String JPEG_START = "\u00ff\u00d8\u00ff";
  private static final String PNG_START = "\u0089PNG\r\n\u001a\n";

  private final ImageLimits limits;

  public ImageGuard(ImageLimits limits) {
    this.limits = limits;
  }

  /**
   * The header of a picture that may be decoded.
   *
   * @throws InvalidImageException when the picture is refused
   */
  public ImageHeader inspect(byte[] image) {
    if (image.length == 0) {
      throw new InvalidImageException(IMAGE_EMPTY, "the image has no bytes");
    }
    limits.checkBytes(image.length);
    Bytes bytes = new Bytes(image);
    if (bytes.has(0, JPEG_START)) {
      return JpegReader.read(image, limits);
    }
    if (bytes.has(0, PNG_START)) {
      return PngReader.read(image, limits);
    }
    if (bytes.has(0, "RIFF") && bytes.has(8, "WEBP")) {
      return WebpReader.read(image, limits);
    }
    throw new InvalidImageException(
        UNSUPPORTED_FORMAT,
        "the format is %s; JPEG, PNG and WebP are taken".formatted(ForeignFormat.name(bytes)));
  }
}
