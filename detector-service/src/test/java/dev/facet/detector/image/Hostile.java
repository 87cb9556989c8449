package dev.facet.detector.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Pictures that must be refused. */
public final class Hostile {
  /** Stands beside a picture, and must never come back. */
  public static final String SECRET = "alert('polyglot')";

  private Hostile() {}

  /** One or more for each reason that a picture can be refused for, but emptiness. */
  public static Map<String, List<byte[]>> imagesByReason() {
    byte[] jpeg = Scene.of(64, 48).encoded(".jpg");
    byte[] png = Scene.of(64, 48).encoded(".png");
    byte[] webp = Scene.of(64, 48).encoded(".webp");
    byte[] gif = Arrays.copyOf("GIF89a".getBytes(ISO_8859_1), 100);
    byte[] brokenPixels = Pngs.withPixels(Pngs.header(64, 48, 8, Pngs.RGB), new byte[50]);
    return Map.of(
        "UNSUPPORTED_FORMAT", List.of(gif, "hello".getBytes(ISO_8859_1), new byte[] {1}),
        "IMAGE_DIMENSIONS",
            List.of(
                Jpegs.claiming(jpeg, 20_000, 20_000),
                Jpegs.claiming(jpeg, 0, 0),
                Pngs.black(20_000, 20_000, 1, Pngs.GREY)),
        "TOO_MANY_SCANS", List.of(Jpegs.scanBomb(5000, 5000, 1_572)),
        "IMAGE_TRUNCATED", List.of(half(jpeg), half(png), half(webp)),
        "IMAGE_CORRUPT", List.of(brokenPixels, Webps.onCanvas(webp, 100, 100)),
        "IMAGE_TOO_LARGE", List.of(Arrays.copyOf(jpeg, 11 << 20)));
  }

  /** What a polyglot file has beside its picture. */
  static List<byte[]> tails() {
    return List.of(
        ("<html><script>" + SECRET + "</script></html>").getBytes(ISO_8859_1),
        zip(),
        ("%PDF-1.7\n" + SECRET).getBytes(ISO_8859_1));
  }

  /** A picture with a page, an archive and a comment behind it and in it. */
  public static List<byte[]> polyglots(byte[] jpeg) {
    byte[] comment = Jpegs.segment(Jpegs.COM, SECRET.getBytes(ISO_8859_1));
    return Stream.concat(
            tails().stream().map(tail -> Jpegs.concat(jpeg, tail)),
            Stream.of(Jpegs.with(jpeg, comment)))
        .toList();
  }

  private static byte[] zip() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setLevel(Deflater.NO_COMPRESSION);
      zip.putNextEntry(new ZipEntry(SECRET));
      zip.write(SECRET.getBytes(ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] half(byte[] image) {
    return Arrays.copyOf(image, image.length / 2);
  }
}
