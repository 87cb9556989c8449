package dev.facet.detector.image;

import static dev.facet.detector.image.ImageFault.IMAGE_CORRUPT;

/** Reads the chunks of a WebP (RFC 9649): lossy, lossless, or extended with a canvas. */
final class WebpReader {
  private static final int RIFF_HEADER_BYTES = 12;
  private static final int CHUNK_HEADER_BYTES = 8;
  private static final int ANIMATION_FLAG = 0x02;
  private static final int VP8_START_CODE = 0x2a019d;
  private static final int VP8L_SIGNATURE = 0x2f;
  private static final String EXIF = "Exif\0\0";

  /** Four planes of the decoder and the RGB picture. */
  private static final int STILL_BYTES_PER_PIXEL = 4 + ImageHeader.RGB_BYTES;

  /** Two canvases of red, green, blue and alpha more. */
  private static final int ANIMATION_BYTES_PER_PIXEL = STILL_BYTES_PER_PIXEL + 8;

  private final byte[] data;
  private final Bytes bytes;
  private final ImageLimits limits;

  private int width;
  private int height;
  private boolean extended;
  private boolean animated;
  private boolean pixels;
  private Orientation orientation = Orientation.UPRIGHT;

  private WebpReader(byte[] data, ImageLimits limits) {
    this.data = data;
    this.bytes = new Bytes(data);
    this.limits = limits;
  }

  static ImageHeader read(byte[] data, ImageLimits limits) {
    return new WebpReader(data, limits).header();
  }

  private ImageHeader header() {
    long end = CHUNK_HEADER_BYTES + bytes.u32LittleEndian(4);
    long at = RIFF_HEADER_BYTES;
    while (at + CHUNK_HEADER_BYTES <= end) {
      long length = bytes.u32LittleEndian(at + 4);
      long body = at + CHUNK_HEADER_BYTES;
      long next = body + length;
      if (next > end) {
        throw corrupt("a chunk reaches beyond the end");
      }
      // Sizes first: a header that lies about them is that fault even where the rest is missing.
      chunk(bytes.fourCharacters(at), body);
      bytes.u8(next - 1);
      if (bytes.has((int) at, "EXIF")) {
        int prefix = bytes.has((int) body, EXIF) ? EXIF.length() : 0;
        orientation = Exif.orientation(data, (int) body + prefix, (int) next);
      }
      at = next + (length & 1);
    }
    if (!pixels) {
      throw corrupt("no pixels");
    }
    int bytesPerPixel = animated ? ANIMATION_BYTES_PER_PIXEL : STILL_BYTES_PER_PIXEL;
    return new ImageHeader(ImageFormat.WEBP, width, height, orientation, bytesPerPixel, animated);
  }

  private void chunk(String name, long body) {
    switch (name) {
      case "VP8X" -> {
        extended = true;
        animated = (bytes.u8(body) & ANIMATION_FLAG) != 0;
        size(1 + bytes.u24LittleEndian(body + 4), 1 + bytes.u24LittleEndian(body + 7));
      }
      case "VP8 " -> {
        if (bytes.u24LittleEndian(body + 3) != VP8_START_CODE) {
          throw corrupt("no key frame");
        }
        frame(bytes.u16LittleEndian(body + 6) & 0x3fff, bytes.u16LittleEndian(body + 8) & 0x3fff);
      }
      case "VP8L" -> {
        if (bytes.u8(body) != VP8L_SIGNATURE) {
          throw corrupt("no lossless signature");
        }
        long packed = bytes.u32LittleEndian(body + 1);
        frame(1 + (int) (packed & 0x3fff), 1 + (int) (packed >> 14 & 0x3fff));
      }
      case "ANMF" -> pixels = true;
      default -> {}
    }
  }

  private void frame(int frameWidth, int frameHeight) {
    if (!extended) {
      size(frameWidth, frameHeight);
    } else if (frameWidth != width || frameHeight != height) {
      throw corrupt("the picture has another size than its canvas");
    }
    pixels = true;
  }

  private void size(int newWidth, int newHeight) {
    if (width != 0) {
      throw corrupt("two pictures");
    }
    width = newWidth;
    height = newHeight;
    limits.checkSize(width, height, true);
  }

  private static InvalidImageException corrupt(String what) {
    return new InvalidImageException(IMAGE_CORRUPT, "the WebP is damaged: " + what);
  }
}
