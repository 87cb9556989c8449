package dev.facet.detector.image;

import static java.util.Map.entry;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Recognises what is not decoded, so that a refusal can name it. No parser runs; a wrong name costs
 * nothing but a less helpful message.
 */
final class ForeignFormat {
  private static final int TEXT_HEAD_BYTES = 1024;

  private static final List<Map.Entry<String, String>> NAMES_BY_START =
      List.of(
          entry("GIF8", "GIF"),
          entry("BM", "BMP"),
          entry("II*\0", "TIFF"),
          entry("MM\0*", "TIFF"),
          entry("II+\0", "TIFF"),
          entry("MM\0+", "TIFF"),
          entry("\0\0\0\fjP  \r\n\u0087\n", "JPEG 2000"),
          entry("\u00ffO\u00ffQ", "JPEG 2000"),
          entry("\u00ff\n", "JPEG XL"),
          entry("\0\0\0\fJXL \r\n\u0087\n", "JPEG XL"),
          entry("v/1\u0001", "OpenEXR"),
          entry("#?RADIANCE", "Radiance HDR"),
          entry("#?RGBE", "Radiance HDR"),
          entry("8BPS", "Photoshop"),
          entry("\0\0\u0001\0", "ICO"),
          entry("%PDF", "PDF"),
          entry("PK\u0003\u0004", "ZIP"),
          entry("\u001f\u008b", "gzip"),
          entry("RIFF", "RIFF (not WebP)"));

  private static final Set<String> AVIF_BRANDS = Set.of("avif", "avis");
  private static final Set<String> HEIC_BRANDS =
      Set.of("heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1");

  private ForeignFormat() {}

  /** A name for people: of the format where it is known, else of what the bytes look like. */
  static String name(Bytes bytes) {
    for (Map.Entry<String, String> start : NAMES_BY_START) {
      if (bytes.has(0, start.getKey())) {
        return start.getValue();
      }
    }
    if (bytes.has(4, "ftyp") && bytes.length() >= 12) {
      String brand = bytes.fourCharacters(8);
      return AVIF_BRANDS.contains(brand) ? "AVIF" : HEIC_BRANDS.contains(brand) ? "HEIC" : "MP4";
    }
    if (bytes.has(0, "P") && bytes.length() > 2 && "1234567Ff".indexOf(bytes.u8(1)) >= 0) {
      return "PNM";
    }
    return nameOfText(bytes.head(TEXT_HEAD_BYTES).toLowerCase(Locale.ROOT));
  }

  private static String nameOfText(String head) {
    if (head.contains("<svg")) {
      return "SVG";
    }
    if (head.contains("<html") || head.contains("<!doctype html")) {
      return "HTML";
    }
    boolean text = head.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || Character.isWhitespace(c));
    return text ? "text" : "unknown";
  }
}
