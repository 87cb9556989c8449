package dev.facet.detector.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes PNG files chunk by chunk, honest and hostile ones. */
final class Pngs {
  static final int GREY = 0;
  static final int RGB = 2;

  private Pngs() {}

  /** A black picture of this size; {@code extra} chunks stand before the pixels. */
  static byte[] black(int width, int height, int depth, int colour, byte[]... extra) {
    int samples = colour == RGB ? 3 : 1;
    long rowBytes = 1 + ((long) width * samples * depth + 7) / 8;
    return withPixels(header(width, height, depth, colour), zeros(rowBytes * height), extra);
  }

  static byte[] withPixels(byte[] header, byte[] pixels, byte[]... extra) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes("\u0089PNG\r\n\u001a\n".getBytes(ISO_8859_1));
    png.writeBytes(chunk("IHDR", header));
    for (byte[] chunk : extra) {
      png.writeBytes(chunk);
    }
    png.writeBytes(chunk("IDAT", pixels));
    png.writeBytes(chunk("IEND", new byte[0]));
    return png.toByteArray();
  }

  static byte[] header(int width, int height, int depth, int colour) {
    return ByteBuffer.allocate(13)
        .putInt(width)
        .putInt(height)
        .put((byte) depth)
        .put((byte) colour)
        .array();
  }

  static byte[] chunk(String name, byte[] body) {
    CRC32 sum = new CRC32();
    sum.update(name.getBytes(ISO_8859_1));
    sum.update(body);
    return ByteBuffer.allocate(12 + body.length)
        .putInt(body.length)
        .put(name.getBytes(ISO_8859_1))
        .put(body)
        .putInt((int) sum.getValue())
        .array();
  }

  /** The same file with a chunk behind its header. */
  static byte[] withChunk(byte[] png, byte[] chunk) {
    int header = 8 + 12 + 13;
    return ByteBuffer.allocate(png.length + chunk.length)
        .put(png, 0, header)
        .put(chunk)
        .put(png, header, png.length - header)
        .array();
  }

  /** A text chunk around what {@link #zeros} gave. */
  static byte[] text(byte[] packed) {
    return named("zTXt", "a\0\0", packed);
  }

  /** A colour profile of the same. */
  static byte[] profile(byte[] packed) {
    return named("iCCP", "a\0\0", packed);
  }

  /** An international text chunk of the same. */
  static byte[] internationalText(byte[] packed) {
    return named("iTXt", "a\0\u0001\0\0\0", packed);
  }

  private static byte[] named(String name, String prefix, byte[] packed) {
    return chunk(
        name,
        ByteBuffer.allocate(prefix.length() + packed.length)
            .put(prefix.getBytes(ISO_8859_1))
            .put(packed)
            .array());
  }

  /** So many zeros, compressed with zlib. */
  static byte[] zeros(long count) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    byte[] block = new byte[1 << 16];
    byte[] out = new byte[1 << 12];
    for (long left = count; !deflater.finished(); ) {
      if (deflater.needsInput() && left > 0) {
        int taken = (int) Math.min(left, block.length);
        deflater.setInput(block, 0, taken);
        left -= taken;
      }
      if (left == 0) {
        deflater.finish();
      }
      packed.write(out, 0, deflater.deflate(out));
    }
    deflater.end();
    return packed.toByteArray();
  }
}
