package dev.facet.detector.image;

import static dev.facet.detector.image.ImageFault.IMAGE_CORRUPT;
import static dev.facet.detector.image.ImageFault.IMAGE_DIMENSIONS;
import static dev.facet.detector.image.ImageFault.IMAGE_EMPTY;
import static dev.facet.detector.image.ImageFault.IMAGE_TOO_LARGE;
import static dev.facet.detector.image.ImageFault.IMAGE_TRUNCATED;
import static dev.facet.detector.image.ImageFault.TOO_MANY_SCANS;
import static dev.facet.detector.image.ImageFault.UNSUPPORTED_FORMAT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.bootstrap.Settings;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is refused before native code, and what a header is read as; no native library is loaded.
 */
class ImageGuardTest {
  private final ImageGuard guard = new ImageGuard(Settings.load(ImageLimits.class));

  /** I06. */
  @Test
  void emptyImageIsRefused() {
    assertFault(new byte[0], IMAGE_EMPTY, "no bytes");
  }

  /** I06. */
  @Test
  void shortRandomAndTextAreNoImages() {
    byte[] random = new byte[20 * 1024];
    new Random(6).nextBytes(random);
    random[0] = 0;
    assertFault(new byte[] {(byte) 0xff}, UNSUPPORTED_FORMAT, "unknown");
    assertFault(random, UNSUPPORTED_FORMAT, "unknown");
    assertFault("hello".getBytes(ISO_8859_1), UNSUPPORTED_FORMAT, "text");
  }

  /** I05. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GIF89a                                  | GIF
          BM\\066\\000                        | BMP
          II*\\000                              | TIFF
          MM\\000*                              | TIFF
          \\000\\000\\000\\034ftypavif    | AVIF
          \\000\\000\\000\\034ftypheic    | HEIC
          \\000\\000\\000\\034ftypmif1    | HEIC
          \\000\\000\\000\\014jP  \\r\\n\\207\\n | JPEG 2000
          \\377O\\377Q                        | JPEG 2000
          \\377\\n                              | JPEG XL
          v/1\\001                              | OpenEXR
          %PDF-1.7                                | PDF
          <svg width='9'>                         | SVG
          <?xml version='1.0'?><svg>              | SVG
          <!DOCTYPE html>                         | HTML
          RIFF1234AVI                             | RIFF (not WebP)
          """)
  void otherFormatsAreRefusedByName(String start, String name) {
    byte[] image = Arrays.copyOf(start.translateEscapes().getBytes(ISO_8859_1), 64);
    assertFault(image, UNSUPPORTED_FORMAT, "the format is " + name + ";");
  }

  @Test
  void tooManyBytesAreRefusedUnread() {
    assertFault(new byte[10 * 1024 * 1024 + 1], IMAGE_TOO_LARGE, "10485761");
  }

  /** I07. */
  @ParameterizedTest
  @CsvSource({"65500,65500", "20000,20000", "0,0", "65000,8", "15,100", "16384,800", "8000,6300"})
  void jpegSizeOutsideTheLimitsIsRefused(int width, int height) {
    byte[] lie = Jpegs.claiming(jpeg(64, 48), width, height);
    assertFault(lie, IMAGE_DIMENSIONS, width + "x" + height);
  }

  /** I07: the size is the fault even where nothing follows the header. */
  @Test
  void sizeIsCheckedBeforeTruncation() {
    byte[] lie = Jpegs.claiming(jpeg(64, 48), 20_000, 20_000);
    byte[] cut = Arrays.copyOf(lie, Jpegs.frameAt(lie) + 20);
    assertFault(cut, IMAGE_DIMENSIONS, "20000x20000");
  }

  @Test
  void jpegOfOneScanMayHaveFiftyMegapixelsAndProgressiveTwentyFive() {
    assertThat(guard.inspect(Jpegs.claiming(jpeg(64, 48), 8000, 6250)).width()).isEqualTo(8000);
    assertThat(guard.inspect(Jpegs.claiming(Jpegs.scanBomb(64, 48, 3), 5000, 5000)).height())
        .isEqualTo(5000);
    byte[] larger = Jpegs.claiming(Jpegs.scanBomb(64, 48, 3), 5001, 5000);
    assertFault(larger, IMAGE_DIMENSIONS, "25 megapixels in this encoding");
  }

  /** I08. */
  @ParameterizedTest
  @ValueSource(ints = {65, 1_572, 62_500})
  void scanBombIsRefused(int scans) {
    assertFault(Jpegs.scanBomb(5000, 5000, scans), TOO_MANY_SCANS, "64 scans");
  }

  /** I08: 64 scans are more than any encoder writes. */
  @Test
  void progressiveJpegWithinTheScanLimitPasses() {
    assertThat(guard.inspect(Jpegs.scanBomb(5000, 5000, 64)).format()).isEqualTo(ImageFormat.JPEG);
  }

  @Test
  void scansInAnEmbeddedThumbnailOrBehindTheEndAreNotCounted() {
    byte[] noise = new byte[60_000];
    for (int i = 0; i < noise.length; i += 2) {
      noise[i] = (byte) 0xff;
      noise[i + 1] = (byte) Jpegs.SOS;
    }
    byte[] jpeg = Jpegs.with(jpeg(64, 48), Jpegs.segment(Jpegs.APP1, noise));
    assertThat(guard.inspect(Jpegs.concat(jpeg, noise)).width()).isEqualTo(64);
  }

  /** I09. */
  @Test
  void pngBombsAreRefusedByTheirHeader() {
    assertFault(Pngs.withPixels(Pngs.header(20_000, 20_000, 8, Pngs.RGB), new byte[0]));
    assertFault(Pngs.withPixels(Pngs.header(30_000, 30_000, 1, Pngs.GREY), new byte[0]));
    assertFault(Pngs.withPixels(Pngs.header(1 << 31, 1 << 31, 8, Pngs.GREY), new byte[0]));
    assertFault(Pngs.withPixels(Pngs.header(5001, 5000, 8, Pngs.RGB), new byte[0]));
  }

  /** I11. */
  @Test
  void everyJpegCutIsTruncated() {
    byte[] jpeg = jpeg(640, 480);
    for (int length = 3; length < jpeg.length; length += 97) {
      assertFault(Arrays.copyOf(jpeg, length), IMAGE_TRUNCATED, length + " bytes");
    }
    assertFault(Arrays.copyOf(jpeg, jpeg.length - 1), IMAGE_TRUNCATED, "bytes");
  }

  /** I11. */
  @Test
  void everyPngCutIsTruncated() {
    byte[] png = Pngs.black(640, 480, 8, Pngs.RGB, Pngs.text(Pngs.zeros(100_000)));
    for (int length = 8; length < png.length; length++) {
      assertFault(Arrays.copyOf(png, length), IMAGE_TRUNCATED, length + " bytes");
    }
  }

  @ParameterizedTest
  @CsvSource({"1,UPRIGHT", "2,MIRRORED", "5,TRANSPOSED", "6,TURNED_LEFT", "8,TURNED_RIGHT"})
  void exifOrientationIsRead(int value, Orientation orientation) {
    byte[] jpeg = Jpegs.with(jpeg(64, 48), Jpegs.exif(value));
    assertThat(guard.inspect(jpeg).orientation()).isEqualTo(orientation);
    byte[] png = Pngs.black(64, 48, 8, Pngs.RGB, Pngs.chunk("eXIf", Jpegs.tiff(value)));
    assertThat(guard.inspect(png).orientation()).isEqualTo(orientation);
  }

  /** Damaged metadata is no reason to refuse a picture. */
  @Test
  void brokenExifIsUpright() {
    byte[] whole = Jpegs.exif(6);
    Random random = new Random(2);
    for (int i = 0; i < 2_000; i++) {
      byte[] broken = whole.clone();
      broken[10 + random.nextInt(broken.length - 10)] = (byte) random.nextInt();
      assertThat(guard.inspect(Jpegs.with(jpeg(64, 48), broken)).width()).isEqualTo(64);
    }
    assertThat(guard.inspect(Jpegs.with(jpeg(64, 48), Jpegs.exif(9))).orientation())
        .isEqualTo(Orientation.UPRIGHT);
  }

  @ParameterizedTest
  @CsvSource({"c3,lossless", "c9,arithmetic", "c5,hierarchical"})
  void rareJpegProcessesAreUnsupported(String marker, String name) {
    byte[] jpeg = jpeg(64, 48);
    jpeg[Jpegs.frameAt(jpeg) + 1] = (byte) Integer.parseInt(marker, 16);
    assertFault(jpeg, UNSUPPORTED_FORMAT, name);
  }

  @Test
  void twelveBitJpegIsUnsupported() {
    byte[] jpeg = jpeg(64, 48);
    jpeg[Jpegs.frameAt(jpeg) + 4] = 12;
    assertFault(jpeg, UNSUPPORTED_FORMAT, "12 bits");
  }

  @Test
  void pictureWithoutPixelsIsCorrupt() {
    byte[] jpeg = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xd9};
    assertFault(jpeg, IMAGE_CORRUPT, "no picture");
    byte[] webp = "RIFF\4\0\0\0WEBP".getBytes(ISO_8859_1);
    assertFault(webp, IMAGE_CORRUPT, "no pixels");
  }

  private void assertFault(byte[] png) {
    assertFault(png, IMAGE_DIMENSIONS, "pixels");
  }

  private void assertFault(byte[] image, ImageFault fault, String words) {
    assertThatThrownBy(() -> guard.inspect(image))
        .isInstanceOfSatisfying(
            InvalidImageException.class, e -> assertThat(e.fault()).isEqualTo(fault))
        .hasMessageContaining(words);
  }

  private static byte[] jpeg(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < width * height; i++) {
      image.setRGB(i % width, i / width, i * 2_654_435);
    }
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "jpg", jpeg);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return jpeg.toByteArray();
  }
}
