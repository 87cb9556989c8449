package dev.facet.detector.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Wraps simple WebP files into the extended container: metadata and animation. */
final class Webps {
  private static final int EXIF_FLAG = 0x08;
  private static final int ANIMATION_FLAG = 0x02;

  private Webps() {}

  /** The chunk with the pixels of a simple WebP. */
  private static byte[] pixels(byte[] simple) {
    ByteBuffer bytes = ByteBuffer.wrap(simple).order(ByteOrder.LITTLE_ENDIAN);
    byte[] chunk = new byte[8 + bytes.getInt(16)];
    bytes.get(12, chunk);
    return chunk;
  }

  static byte[] withOrientation(byte[] simple, int width, int height, int orientation) {
    return riff(
        Jpegs.concat(
            Jpegs.concat(canvas(EXIF_FLAG, width, height), padded(pixels(simple))),
            chunk("EXIF", Jpegs.tiff(orientation))));
  }

  /** A canvas of any size around the pixels of a simple WebP. */
  static byte[] onCanvas(byte[] simple, int width, int height) {
    return riff(Jpegs.concat(canvas(0, width, height), padded(pixels(simple))));
  }

  /** An animation of two equal frames. */
  static byte[] animated(byte[] simple, int width, int height) {
    byte[] place = new byte[16];
    ByteBuffer.wrap(place)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(6, width - 1)
        .putInt(9, height - 1)
        .putInt(12, 100);
    byte[] frame = chunk("ANMF", Jpegs.concat(place, padded(pixels(simple))));
    byte[] start = Jpegs.concat(canvas(ANIMATION_FLAG, width, height), chunk("ANIM", new byte[6]));
    return riff(Jpegs.concat(start, Jpegs.concat(frame, frame)));
  }

  private static byte[] canvas(int flags, int width, int height) {
    byte[] body = new byte[11];
    ByteBuffer.wrap(body)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0, flags)
        .putInt(4, width - 1)
        .putInt(7, height - 1);
    return chunk("VP8X", java.util.Arrays.copyOf(body, 10));
  }

  private static byte[] chunk(String name, byte[] body) {
    return padded(
        ByteBuffer.allocate(8 + body.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(name.getBytes(ISO_8859_1))
            .putInt(body.length)
            .put(body)
            .array());
  }

  private static byte[] padded(byte[] chunk) {
    return java.util.Arrays.copyOf(chunk, chunk.length + (chunk.length & 1));
  }

  private static byte[] riff(byte[] chunks) {
    return ByteBuffer.allocate(12 + chunks.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("RIFF".getBytes(ISO_8859_1))
        .putInt(4 + chunks.length)
        .put("WEBP".getBytes(ISO_8859_1))
        .put(chunks)
        .array();
  }
}
