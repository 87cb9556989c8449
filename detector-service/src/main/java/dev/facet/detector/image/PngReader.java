package dev.facet.detector.image;

import static dev.facet.detector.image.ImageFault.IMAGE_CORRUPT;

import java.io.ByteArrayOutputStream;
import java.util.Set;

/** Reads the chunks of a PNG (W3C PNG, third edition) up to its end. */
final class PngReader {
  private static final int SIGNATURE_BYTES = 8;
  private static final int CHUNK_OVERHEAD = 12;
  private static final String END = "IEND";
  private static final Set<String> PIXEL_CHUNKS = Set.of("IHDR", "PLTE", "IDAT", END);

  private PngReader() {}

  static ImageHeader read(byte[] data, ImageLimits limits) {
    Bytes bytes = new Bytes(data);
    if (bytes.u32(8) != 13 || !bytes.fourCharacters(12).equals("IHDR")) {
      throw corrupt("no header");
    }
    long width = bytes.u32(16);
    long height = bytes.u32(20);
    limits.checkSize(width, height, true);
    Orientation orientation = Orientation.UPRIGHT;
    boolean animated = false;
    boolean pixels = false;
    String name;
    int at = SIGNATURE_BYTES;
    do {
      name = bytes.fourCharacters(at + 4L);
      int next = next(bytes, at);
      switch (name) {
        case "IDAT" -> pixels = true;
        case "acTL" -> animated = true;
        case "eXIf" -> orientation = Exif.orientation(data, at + 8, next - 4);
        default -> {}
      }
      at = next;
    } while (!name.equals(END));
    if (!pixels) {
      throw corrupt("no pixels");
    }
    return new ImageHeader(
        ImageFormat.PNG, (int) width, (int) height, orientation, ImageHeader.RGB_BYTES, animated);
  }

  /**
   * The same picture without the chunks that do not say what its pixels are. Texts and profiles are
   * compressed, and libpng unpacks up to a thousand of them: 8 MB of zTXt chunks cost half a
   * minute.
   *
   * @param data a PNG that {@link #read} has passed
   */
  static byte[] pixelsOnly(byte[] data) {
    Bytes bytes = new Bytes(data);
    ByteArrayOutputStream kept = new ByteArrayOutputStream(data.length);
    kept.write(data, 0, SIGNATURE_BYTES);
    String name;
    int at = SIGNATURE_BYTES;
    do {
      name = bytes.fourCharacters(at + 4L);
      int next = next(bytes, at);
      if (PIXEL_CHUNKS.contains(name)) {
        kept.write(data, at, next - at);
      }
      at = next;
    } while (!name.equals(END));
    return kept.toByteArray();
  }

  /** Where the chunk behind the one at an index begins; that one lies wholly inside the data. */
  private static int next(Bytes bytes, int at) {
    long next = at + CHUNK_OVERHEAD + bytes.u32(at);
    bytes.u8(next - 1);
    return (int) next;
  }

  private static InvalidImageException corrupt(String what) {
    return new InvalidImageException(IMAGE_CORRUPT, "the PNG is damaged: " + what);
  }
}
