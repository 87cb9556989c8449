package dev.facet.detector.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Pictures that must be refused. */
public final class Hostile {
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

  private static byte[] half(byte[] image) {
    return Arrays.copyOf(image, image.length / 2);
  }
}
