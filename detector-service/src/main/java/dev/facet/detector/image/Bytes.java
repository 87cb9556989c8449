package dev.facet.detector.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Untrusted bytes with checked reads: reading past the end is the fault of a truncated picture. */
final class Bytes {
  private final byte[] data;

  Bytes(byte[] data) {
    this.data = data;
  }

  int length() {
    return data.length;
  }

  int u8(long at) {
    if (at < 0 || at >= data.length) {
      throw new InvalidImageException(
          ImageFault.IMAGE_TRUNCATED, "the image ends after %d bytes".formatted(data.length));
    }
    return data[(int) at] & 0xff;
  }

  int u16(long at) {
    return u8(at) << 8 | u8(at + 1);
  }

  long u32(long at) {
    return (long) u16(at) << 16 | u16(at + 2);
  }

  int u16LittleEndian(long at) {
    return u8(at) | u8(at + 1) << 8;
  }

  int u24LittleEndian(long at) {
    return u16LittleEndian(at) | u8(at + 2) << 16;
  }

  long u32LittleEndian(long at) {
    return u16LittleEndian(at) | (long) u16LittleEndian(at + 2) << 16;
  }

  /** Four bytes as the text that chunk names are. */
  String fourCharacters(long at) {
    u32(at);
    return new String(data, (int) at, 4, ISO_8859_1);
  }

  /** Whether these characters stand there; false where the data ends before. */
  boolean has(int at, String latin1) {
    if (at + latin1.length() > data.length) {
      return false;
    }
    for (int i = 0; i < latin1.length(); i++) {
      if ((data[at + i] & 0xff) != latin1.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The first bytes as text, at most {@code limit} of them. */
  String head(int limit) {
    return new String(data, 0, Math.min(limit, data.length), ISO_8859_1);
  }
}
