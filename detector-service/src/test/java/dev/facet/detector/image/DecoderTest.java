package dev.facet.detector.image;

import static dev.facet.detector.image.ImageFault.IMAGE_CORRUPT;
import static dev.facet.detector.image.ImageFault.IMAGE_TRUNCATED;
import static dev.facet.detector.image.ImageFault.UNSUPPORTED_FORMAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_WEBP_QUALITY;

import dev.facet.bootstrap.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pixels come out as they went in, whatever the encoding; damage is told from the deadline. */
class DecoderTest {
  private static final Scene SCENE = Scene.of(203, 149);
  private static final Scene GREY = SCENE.grey();
  private static final int SAMPLING_444 = 0x111111;
  private static final int SAMPLING_422 = 0x211111;
  private static final int SAMPLING_420 = 0x221111;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Decoder decoder =
      new Decoder(Settings.load(DecoderSettings.class), Settings.load(ImageLimits.class), meters);

  /** I01. */
  @ParameterizedTest
  @ValueSource(ints = {SAMPLING_444, SAMPLING_422, SAMPLING_420})
  void jpegOfAnySamplingIsDecoded(int sampling) throws Exception {
    for (int progressive = 0; progressive <= 1; progressive++) {
      for (int restart : new int[] {0, 3}) {
        assertDecoded(
            SCENE,
            SCENE.encoded(
                ".jpg",
                IMWRITE_JPEG_QUALITY,
                95,
                IMWRITE_JPEG_SAMPLING_FACTOR,
                sampling,
                IMWRITE_JPEG_PROGRESSIVE,
                progressive,
                IMWRITE_JPEG_RST_INTERVAL,
                restart));
      }
    }
  }

  /** I01. */
  @ParameterizedTest
  @CsvSource({"16,16", "17,16", "16,31", "97,64", "333,17", "1000,51"})
  void jpegOfOddSizeIsDecoded(int width, int height) throws Exception {
    Scene scene = Scene.of(width, height);
    assertDecoded(scene, scene.encoded(".jpg", IMWRITE_JPEG_QUALITY, 97));
  }

  /** I01. */
  @Test
  void greyJpegIsDecoded() throws Exception {
    BufferedImage image = new BufferedImage(203, 149, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 203 * 149; i++) {
      image.getRaster().setSample(i % 203, i / 203, 0, GREY.sample(i % 203, i / 203, 0));
    }
    assertDecoded(GREY, written("jpg", new IIOImage(image, null, null), false));
    assertDecoded(GREY, written("jpg", new IIOImage(image, null, null), true));
  }

  /** I01. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void jpegOfInksIsDecoded(boolean progressive) throws Exception {
    WritableRaster inks = inks();
    SCENE.drawnAsInks(inks);
    byte[] cmyk = written("jpg", new IIOImage(inks, null, null), progressive);
    assertDecoded(SCENE, Jpegs.with(cmyk, adobe(0)));
  }

  /** I01: the inks of YCCK, inverted once more, as luminance and colour differences. */
  @Test
  void jpegOfLuminanceAndKeyIsDecoded() throws Exception {
    WritableRaster inks = inks();
    SCENE.drawnAsInks(inks);
    for (int i = 0; i < 203 * 149; i++) {
      int[] p = inks.getPixel(i % 203, i / 203, (int[]) null);
      double red = 255 - p[0];
      double green = 255 - p[1];
      double blue = 255 - p[2];
      double luma = 0.299 * red + 0.587 * green + 0.114 * blue;
      p[0] = (int) Math.round(luma);
      p[1] = (int) Math.round(128 + (blue - luma) / 1.772);
      p[2] = (int) Math.round(128 + (red - luma) / 1.402);
      inks.setPixel(i % 203, i / 203, p);
    }
    byte[] ycck = written("jpg", new IIOImage(inks, null, null), false);
    assertDecoded(SCENE, Jpegs.with(ycck, adobe(2)));
  }

  /** I02. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyOrientationStandsUpright(int orientation) throws Exception {
    Scene stored = SCENE.stored(orientation);
    byte[] jpeg = stored.encoded(".jpg", IMWRITE_JPEG_QUALITY, 97);
    assertDecoded(SCENE, Jpegs.with(jpeg, Jpegs.exif(orientation)));
    byte[] webp = stored.encoded(".webp", IMWRITE_WEBP_QUALITY, 101);
    assertDecoded(SCENE, Webps.withOrientation(webp, stored.width(), stored.height(), orientation));
    byte[] png = stored.encoded(".png");
    byte[] exif = Pngs.chunk("eXIf", Jpegs.tiff(orientation));
    assertDecoded(SCENE, Pngs.withChunk(png, exif));
  }

  /** I03. */
  @Test
  void pngOfAnyColourTypeIsDecoded() throws Exception {
    ColorSpace srgb = ColorSpace.getInstance(ColorSpace.CS_sRGB);
    for (boolean interlaced : new boolean[] {false, true}) {
      for (int depth : new int[] {DataBuffer.TYPE_BYTE, DataBuffer.TYPE_USHORT}) {
        for (boolean alpha : new boolean[] {false, true}) {
          int transparency = alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE;
          ColorModel colour = new ComponentColorModel(srgb, alpha, false, transparency, depth);
          WritableRaster raster = colour.createCompatibleWritableRaster(203, 149);
          BufferedImage image = new BufferedImage(colour, raster, false, null);
          assertDecoded(SCENE, png(SCENE.drawnInto(image), interlaced));
        }
      }
      BufferedImage grey = new BufferedImage(203, 149, BufferedImage.TYPE_USHORT_GRAY);
      for (int i = 0; i < 203 * 149; i++) {
        int sample = GREY.sample(i % 203, i / 203, 0);
        grey.getRaster().setSample(i % 203, i / 203, 0, sample * 257);
      }
      assertDecoded(GREY, png(grey, interlaced));
    }
  }

  /** I03. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void pngWithPaletteIsDecoded(int bits) throws Exception {
    int colours = 1 << bits;
    byte[] red = new byte[colours];
    byte[] green = new byte[colours];
    byte[] blue = new byte[colours];
    byte[] alpha = new byte[colours];
    Random random = new Random(bits);
    random.nextBytes(red);
    random.nextBytes(green);
    random.nextBytes(blue);
    random.nextBytes(alpha);
    IndexColorModel palette = new IndexColorModel(bits, colours, red, green, blue, alpha);
    BufferedImage image =
        bits == 8
            ? new BufferedImage(50, 40, BufferedImage.TYPE_BYTE_INDEXED, palette)
            : new BufferedImage(50, 40, BufferedImage.TYPE_BYTE_BINARY, palette);
    byte[] rgb = new byte[50 * 40 * 3];
    for (int i = 0; i < 50 * 40; i++) {
      int colour = random.nextInt(colours);
      image.getRaster().setSample(i % 50, i / 50, 0, colour);
      rgb[3 * i] = red[colour];
      rgb[3 * i + 1] = green[colour];
      rgb[3 * i + 2] = blue[colour];
    }
    assertDecoded(new Scene(50, 40, rgb), png(image, false));
    assertDecoded(new Scene(50, 40, rgb), png(image, true));
  }

  /** I03: the first picture of an animated PNG is the one that old readers show. */
  @Test
  void animatedPngIsDecodedAsItsFirstPicture() throws Exception {
    byte[] frames = Pngs.chunk("acTL", new byte[] {0, 0, 0, 2, 0, 0, 0, 0});
    try (Picture picture = decode(Pngs.withChunk(SCENE.encoded(".png"), frames))) {
      assertThat(picture.header().animated()).isTrue();
      assertThat(SCENE.meanDifference(picture)).isZero();
    }
  }

  /** I04. */
  @Test
  void webpIsDecodedLossyLosslessAndAnimated() throws Exception {
    assertDecoded(SCENE, SCENE.encoded(".webp", IMWRITE_WEBP_QUALITY, 95));
    byte[] lossless = SCENE.encoded(".webp", IMWRITE_WEBP_QUALITY, 101);
    assertDecoded(SCENE, lossless);
    try (Picture picture = decode(Webps.animated(lossless, 203, 149))) {
      assertThat(picture.header().animated()).isTrue();
      assertThat(SCENE.meanDifference(picture)).isZero();
    }
  }

  /** A picture that is larger than the canvas around it is never given to the decoder. */
  @Test
  void webpLargerThanItsCanvasIsCorrupt() {
    assertFault(Webps.onCanvas(SCENE.encoded(".webp"), 100, 100), IMAGE_CORRUPT);
  }

  /** I11. */
  @ParameterizedTest
  @ValueSource(strings = {".jpg", ".png", ".webp"})
  void everyCutIsTruncated(String extension) {
    byte[] whole = Scene.of(800, 600).encoded(extension);
    for (int length = 30; length < whole.length; length += 1024) {
      assertFault(Arrays.copyOf(whole, length), IMAGE_TRUNCATED);
    }
  }

  /** I13: what stands behind a picture, or in its texts, is not looked at. */
  @ParameterizedTest
  @ValueSource(strings = {".jpg", ".png", ".webp"})
  void whatFollowsAPictureIsIgnored(String extension) throws Exception {
    byte[] picture = SCENE.encoded(extension, IMWRITE_JPEG_QUALITY, 97, IMWRITE_WEBP_QUALITY, 101);
    for (byte[] tail : Hostile.tails()) {
      assertDecoded(SCENE, Jpegs.concat(picture, tail));
    }
  }

  /** I13: a page with a picture in it is no picture. */
  @Test
  void pictureBehindSomethingElseIsRefused() {
    for (byte[] head : Hostile.tails()) {
      assertFault(Jpegs.concat(head, SCENE.encoded(".jpg")), UNSUPPORTED_FORMAT);
    }
  }

  /** Every byte of a small picture broken in turn: decoded, or refused as damaged, never worse. */
  @ParameterizedTest
  @ValueSource(strings = {".jpg", ".png", ".webp"})
  void brokenBytesAreRefusedOrDecoded(String extension) throws Exception {
    byte[] whole = Scene.of(48, 40).encoded(extension);
    for (int at = 0; at < whole.length; at++) {
      byte[] broken = whole.clone();
      broken[at] ^= (byte) 0xa5;
      try (Picture picture = decode(broken)) {
        assertThat(picture.width()).isPositive();
      } catch (InvalidImageException e) {
        assertThat(e.getMessage()).doesNotContain("OpenCV").doesNotContain("/");
      }
    }
  }

  /** G03. */
  @Test
  void tooLittleTimeIsRefusedBeforeDecoding() {
    byte[] jpeg = SCENE.encoded(".jpg");
    long deadline = System.nanoTime() + 1_000_000;
    assertThatThrownBy(() -> decoder.decode(jpeg, decoder.inspect(jpeg), 1, deadline))
        .isInstanceOf(DecodeTimeoutException.class);
    assertThat(meters.get("facet.decode").timer().count()).isZero();
  }

  /** A budget of one turn, and of less memory than one picture needs, serves any number. */
  @Test
  void turnsAndMemoryComeBack() throws Exception {
    DecoderSettings tight = new DecoderSettings(1, 1 << 20, Duration.ZERO);
    Decoder one = new Decoder(tight, Settings.load(ImageLimits.class), meters);
    byte[] large = Scene.of(900, 700).encoded(".jpg");
    byte[] broken = Pngs.withPixels(Pngs.header(900, 700, 8, Pngs.RGB), new byte[100]);
    for (int i = 0; i < 5; i++) {
      one.decode(large, one.inspect(large), 1, inAMinute()).close();
      assertThatThrownBy(() -> one.decode(broken, one.inspect(broken), 1, inAMinute()))
          .isInstanceOf(InvalidImageException.class);
    }
    assertThat(meters.get("facet.decode").timer().count()).isEqualTo(10);
  }

  /** I18. */
  @Test
  void jpegIsDecodedWithSimd() {
    assertThat(OpenCv.load().simdJpeg()).isTrue();
  }

  private Picture decode(byte[] image) throws InterruptedException {
    return decoder.decode(image, decoder.inspect(image), 1, inAMinute());
  }

  private static long inAMinute() {
    return System.nanoTime() + Duration.ofMinutes(1).toNanos();
  }

  private void assertDecoded(Scene scene, byte[] image) throws InterruptedException {
    try (Picture picture = decode(image)) {
      assertThat(scene.meanDifference(picture)).isLessThan(2);
    }
  }

  private void assertFault(byte[] image, ImageFault fault) {
    InvalidImageException refusal =
        catchThrowableOfType(InvalidImageException.class, () -> decode(image));
    assertThat(refusal.fault()).isEqualTo(fault);
  }

  private static WritableRaster inks() {
    return Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 203, 149, 4, null);
  }

  /** The marker by which decoders tell CMYK (0) from YCCK (2). */
  private static byte[] adobe(int transform) {
    return Jpegs.segment(
        Jpegs.APP14, new byte[] {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform});
  }

  private static byte[] png(BufferedImage image, boolean interlaced) throws IOException {
    return written("png", new IIOImage(image, null, null), interlaced);
  }

  private static byte[] written(String format, IIOImage image, boolean progressive)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      if (progressive) {
        parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      } else {
        parameters.setProgressiveMode(ImageWriteParam.MODE_DISABLED);
      }
      if (format.equals("jpg")) {
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(0.95f);
      }
      writer.write(null, image, parameters);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
