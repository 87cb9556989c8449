package dev.facet.detector.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Writes and alters JPEG files marker by marker, honest and hostile ones. */
final class Jpegs {
  static final int SOF0 = 0xc0;
  static final int SOF2 = 0xc2;
  static final int DHT = 0xc4;
  static final int SOS = 0xda;
  static final int DQT = 0xdb;
  static final int APP1 = 0xe1;
  static final int APP14 = 0xee;
  static final int COM = 0xfe;
  private static final int BLOCKS_IN_A_RUN = 1 << 14;

  private Jpegs() {}

  /**
   * A valid grey progressive JPEG whose scans after the first say, in a few bytes, that no block
   * has anything to add: a decoder visits every block for every scan all the same.
   */
  static byte[] scanBomb(int width, int height, int scans) {
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    jpeg.writeBytes(new byte[] {(byte) 0xff, (byte) 0xd8});
    byte[] quantisation = new byte[65];
    Arrays.fill(quantisation, 1, 65, (byte) 1);
    jpeg.writeBytes(segment(DQT, quantisation));
    jpeg.writeBytes(segment(SOF2, frame(8, width, height, 1)));
    // One code of one bit each: "no difference" for DC, "the next 16384 blocks are done" for AC.
    jpeg.writeBytes(segment(DHT, huffman(0x00, 0x00)));
    jpeg.writeBytes(segment(DHT, huffman(0x10, 0xe0)));
    int blocks = ((width + 7) / 8) * ((height + 7) / 8);
    jpeg.writeBytes(segment(SOS, new byte[] {1, 1, 0, 0, 0, 0}));
    jpeg.writeBytes(new byte[(blocks + 7) / 8]);
    int runs = (blocks + BLOCKS_IN_A_RUN - 1) / BLOCKS_IN_A_RUN;
    byte[] entropy = new byte[(runs * 15 + 7) / 8];
    for (int scan = 1; scan < scans; scan++) {
      jpeg.writeBytes(segment(SOS, new byte[] {1, 1, 0, 1, 63, 0}));
      jpeg.writeBytes(entropy);
    }
    jpeg.writeBytes(new byte[] {(byte) 0xff, (byte) 0xd9});
    return jpeg.toByteArray();
  }

  private static byte[] huffman(int id, int symbol) {
    byte[] table = new byte[18];
    table[0] = (byte) id;
    table[1] = 1;
    table[17] = (byte) symbol;
    return table;
  }

  static byte[] frame(int precision, int width, int height, int components) {
    ByteBuffer frame = ByteBuffer.allocate(6 + 3 * components);
    frame.put((byte) precision).putShort((short) height).putShort((short) width);
    frame.put((byte) components);
    for (int i = 1; i <= components; i++) {
      frame.put((byte) i).put((byte) 0x11).put((byte) 0);
    }
    return frame.array();
  }

  static byte[] segment(int marker, byte[] body) {
    return ByteBuffer.allocate(4 + body.length)
        .put((byte) 0xff)
        .put((byte) marker)
        .putShort((short) (2 + body.length))
        .put(body)
        .array();
  }

  /** The same file with a segment behind its start. */
  static byte[] with(byte[] jpeg, byte[] segment) {
    return ByteBuffer.allocate(jpeg.length + segment.length)
        .put(jpeg, 0, 2)
        .put(segment)
        .put(jpeg, 2, jpeg.length - 2)
        .array();
  }

  /** The same file with another size written into its frame header. */
  static byte[] claiming(byte[] jpeg, int width, int height) {
    byte[] lie = jpeg.clone();
    ByteBuffer.wrap(lie)
        .putShort(frameAt(jpeg) + 5, (short) height)
        .putShort(frameAt(jpeg) + 7, (short) width);
    return lie;
  }

  /** Index of the 0xFF before the frame's marker; frames here are baseline or progressive. */
  static int frameAt(byte[] jpeg) {
    int at = 2;
    while ((jpeg[at + 1] & 0xff) != SOF0 && (jpeg[at + 1] & 0xff) != SOF2) {
      at += 2 + Short.toUnsignedInt(ByteBuffer.wrap(jpeg).getShort(at + 2));
    }
    return at;
  }

  /** An APP1 segment with one directory of one entry: the orientation. */
  static byte[] exif(int orientation) {
    return segment(APP1, concat("Exif\0\0".getBytes(ISO_8859_1), tiff(orientation)));
  }

  /** The TIFF structure inside EXIF data; big-endian for odd values, little-endian for even. */
  static byte[] tiff(int orientation) {
    ByteBuffer tiff = ByteBuffer.allocate(26);
    if (orientation % 2 == 0) {
      tiff.order(java.nio.ByteOrder.LITTLE_ENDIAN).put("II*\0".getBytes(ISO_8859_1));
    } else {
      tiff.put("MM\0*".getBytes(ISO_8859_1));
    }
    tiff.putInt(8).putShort((short) 1);
    tiff.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
    return tiff.array();
  }

  static byte[] concat(byte[] a, byte[] b) {
    return ByteBuffer.allocate(a.length + b.length).put(a).put(b).array();
  }
}
