package dev.facet.detector.image;

import static dev.facet.detector.image.ImageFault.IMAGE_CORRUPT;
import static dev.facet.detector.image.ImageFault.UNSUPPORTED_FORMAT;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads the markers of a JPEG (ITU-T T.81, annex B) up to its end-of-image marker.
 *
 * <p>The walk takes the steps that libjpeg's marker reader takes, so no scan can hide from it: a
 * segment is left by its length, and everything else up to the next 0xFF with a marker code behind
 * it is entropy-coded data or garbage. What follows the end of the image (a second picture, a
 * phone's video clip) is never decoded and not looked at.
 */
final class JpegReader {
  /** RST0 to RST7 and SOI follow each other and have no body. */
  private static final int RST0 = 0xd0;

  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int APP1 = 0xe1;
  private static final int SOF0_BASELINE = 0xc0;
  private static final int SOF1_EXTENDED = 0xc1;
  private static final int SOF2_PROGRESSIVE = 0xc2;
  private static final int SOF15 = 0xcf;
  private static final int DHT = 0xc4;
  private static final int JPG = 0xc8;
  private static final int DAC = 0xcc;
  private static final String EXIF = "Exif\0\0";

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOWEST_BITS = 0x0101_0101_0101_0101L;
  private static final long HIGHEST_BITS = 0x8080_8080_8080_8080L;

  private final byte[] data;
  private final Bytes bytes;
  private final ImageLimits limits;

  private int width;
  private int height;
  private int components;
  private boolean buffered;
  private int scans;
  private Orientation orientation = Orientation.UPRIGHT;
  private boolean exifSeen;

  private JpegReader(byte[] data, ImageLimits limits) {
    this.data = data;
    this.bytes = new Bytes(data);
    this.limits = limits;
  }

  static ImageHeader read(byte[] data, ImageLimits limits) {
    return new JpegReader(data, limits).header();
  }

  private ImageHeader header() {
    int at = 2;
    while (true) {
      at = nextMarker(at);
      int marker = bytes.u8(at++);
      if (marker == EOI) {
        break;
      }
      if (marker < SOF0_BASELINE || (marker >= RST0 && marker <= SOI)) {
        continue;
      }
      int length = bytes.u16(at);
      if (length < 2) {
        throw corrupt("a segment without length");
      }
      bytes.u8((long) at + length - 1);
      segment(marker, at + 2, at + length);
      at += length;
    }
    if (scans == 0) {
      throw corrupt("no picture before its end");
    }
    // Eight-bit RGB, and for several scans every coefficient of every component in 16 bits.
    int bytesPerPixel = 3 + (buffered ? 2 * components : 0);
    return new ImageHeader(ImageFormat.JPEG, width, height, orientation, bytesPerPixel, false);
  }

  /**
   * Index of the next marker's code: a byte that is neither 0 nor 0xFF, behind one that is 0xFF.
   */
  private int nextMarker(int from) {
    int at = nextPrefix(from);
    while (true) {
      int value;
      do {
        value = bytes.u8(++at);
      } while (value == 0xff);
      if (value != 0) {
        return at;
      }
      at = nextPrefix(at);
    }
  }

  /** Index of the next 0xFF, or of the end; megabytes of entropy-coded data lie before it. */
  private int nextPrefix(int from) {
    int at = from;
    for (; at + Long.BYTES <= data.length; at += Long.BYTES) {
      long inverted = ~(long) LONGS.get(data, at);
      // Of the bytes of the inverted, one that is zero is the first whose borrow sets its top bit.
      long zero = (inverted - LOWEST_BITS) & ~inverted & HIGHEST_BITS;
      if (zero != 0) {
        return at + Long.numberOfTrailingZeros(zero) / Byte.SIZE;
      }
    }
    while (at < data.length && data[at] != (byte) 0xff) {
      at++;
    }
    return at;
  }

  private void segment(int marker, int from, int to) {
    if (marker == SOS) {
      scan(from);
    } else if (marker == APP1) {
      exif(from, to);
    } else if (marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC) {
      frame(marker, from);
    }
  }

  private void frame(int marker, int from) {
    if (marker != SOF0_BASELINE && marker != SOF1_EXTENDED && marker != SOF2_PROGRESSIVE) {
      throw unsupported("JPEG of process %d (lossless, hierarchical or arithmetic)", marker & 0xf);
    }
    if (width != 0) {
      throw corrupt("two frames");
    }
    int precision = bytes.u8(from);
    if (precision != 8) {
      throw unsupported("JPEG of %d bits", precision);
    }
    height = bytes.u16(from + 1);
    width = bytes.u16(from + 3);
    components = bytes.u8(from + 5);
    buffered = marker == SOF2_PROGRESSIVE;
    limits.checkSize(width, height, buffered);
    if (components != 1 && components != 3 && components != 4) {
      throw unsupported("JPEG of %d components", components);
    }
  }

  private void scan(int from) {
    if (width == 0) {
      throw corrupt("a scan before its frame");
    }
    limits.checkScans(++scans);
    if (bytes.u8(from) < components && !buffered) {
      buffered = true;
      limits.checkSize(width, height, true);
    }
  }

  private void exif(int from, int to) {
    if (!exifSeen && to - from > EXIF.length() && bytes.has(from, EXIF)) {
      exifSeen = true;
      orientation = Exif.orientation(data, from + EXIF.length(), to);
    }
  }

  private static InvalidImageException corrupt(String what) {
    return new InvalidImageException(IMAGE_CORRUPT, "the JPEG is damaged: " + what);
  }

  private static InvalidImageException unsupported(String what, int number) {
    return new InvalidImageException(
        UNSUPPORTED_FORMAT, what.formatted(number) + " is not supported; use an ordinary JPEG");
  }
}
