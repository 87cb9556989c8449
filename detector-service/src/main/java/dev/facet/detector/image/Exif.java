package dev.facet.detector.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the orientation from EXIF data: a TIFF header and its first directory. */
final class Exif {
  private static final int ORIENTATION_TAG = 0x0112;
  private static final int SHORT = 3;
  private static final int ENTRY_BYTES = 12;

  private Exif() {}

  /**
   * The orientation in the TIFF structure between two offsets. Damaged EXIF data is no reason to
   * refuse a picture: whatever cannot be read is upright.
   */
  static Orientation orientation(byte[] data, int from, int to) {
    if (to - from < 8) {
      return Orientation.UPRIGHT;
    }
    ByteBuffer tiff = ByteBuffer.wrap(data, from, to - from).slice();
    switch (tiff.getInt(0)) {
      case 0x49492a00 -> tiff.order(ByteOrder.LITTLE_ENDIAN);
      case 0x4d4d002a -> tiff.order(ByteOrder.BIG_ENDIAN);
      default -> {
        return Orientation.UPRIGHT;
      }
    }
    long directory = Integer.toUnsignedLong(tiff.getInt(4));
    if (directory + 2 > tiff.limit()) {
      return Orientation.UPRIGHT;
    }
    int first = (int) directory + 2;
    int entries =
        Math.min(
            Short.toUnsignedInt(tiff.getShort((int) directory)),
            (tiff.limit() - first) / ENTRY_BYTES);
    for (int i = 0; i < entries; i++) {
      int entry = first + i * ENTRY_BYTES;
      if (Short.toUnsignedInt(tiff.getShort(entry)) == ORIENTATION_TAG
          && tiff.getShort(entry + 2) == SHORT) {
        return Orientation.ofExif(tiff.getShort(entry + 8));
      }
    }
    return Orientation.UPRIGHT;
  }
}
