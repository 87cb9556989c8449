package dev.facet.detector.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR;

import dev.facet.bootstrap.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * JPEGs of which a half, a quarter or an eighth is decoded show the same things at their places.
 */
class ReducedDecodingTest {
  private static final Scene SCENE = Scene.of(203, 149);

  private final Decoder decoder = decoder(Settings.load(DecoderSettings.class));

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "1.99, 1",
    "2, 2",
    "3.9, 2",
    "4, 4",
    "7.9, 4",
    "8, 8",
    "1000, 8",
    "0.5, 1",
    "Infinity, 8"
  })
  void decoderTakesTheGreatestStepThatItMay(double most, int step) throws Exception {
    try (Picture picture = decode(SCENE.encoded(".jpg"), most)) {
      assertThat(picture.step()).isEqualTo(step);
      assertThat(picture.rgb().cols()).isEqualTo(Math.ceilDiv(203, step));
      assertThat(picture.rgb().rows()).isEqualTo(Math.ceilDiv(149, step));
      assertThat(picture.width()).isEqualTo(203);
      assertThat(picture.height()).isEqualTo(149);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".png", ".webp"})
  void otherFormatsAreDecodedInFull(String extension) throws Exception {
    try (Picture picture = decode(SCENE.encoded(extension), 8)) {
      assertThat(picture.step()).isEqualTo(1);
      assertThat(picture.rgb().cols()).isEqualTo(203);
    }
  }

  /** Sides that are no multiples of the step, so that the last column may come to lie first. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyOrientationKeepsItsPlaces(int orientation) throws Exception {
    byte[] stored = SCENE.stored(orientation).encoded(".jpg", IMWRITE_JPEG_QUALITY, 97);
    byte[] jpeg = Jpegs.with(stored, Jpegs.exif(orientation));
    for (int step : new int[] {2, 4, 8}) {
      try (Picture picture = decode(jpeg, step)) {
        assertThat(picture.width()).isEqualTo(203);
        assertThat(picture.height()).isEqualTo(149);
        assertShows(SCENE, picture, 7);
      }
    }
  }

  /** Colours that are stored coarser one way than the other are repeated, not interpolated. */
  @ParameterizedTest
  @CsvSource({"0x111111, 0, 7", "0x221111, 0, 7", "0x221111, 1, 7", "0x211111, 0, 15"})
  void everySamplingKeepsItsPlaces(String sampling, int progressive, int tolerance)
      throws Exception {
    byte[] jpeg =
        SCENE.encoded(
            ".jpg",
            IMWRITE_JPEG_QUALITY,
            97,
            IMWRITE_JPEG_SAMPLING_FACTOR,
            Integer.decode(sampling),
            IMWRITE_JPEG_PROGRESSIVE,
            progressive);
    for (int step : new int[] {2, 4, 8}) {
      try (Picture picture = decode(jpeg, step)) {
        assertShows(SCENE, picture, tolerance);
      }
    }
  }

  /** Each byte broken in turn, and each length cut: refused in the same words, or by none. */
  @Test
  void damageIsRefusedAlikeAtEveryStep() {
    byte[] whole = Scene.of(48, 40).encoded(".jpg");
    int refused = 0;
    for (int at = 0; at < whole.length; at++) {
      byte[] broken = whole.clone();
      broken[at] ^= (byte) 0xa5;
      for (byte[] damaged : new byte[][] {broken, Arrays.copyOf(whole, at)}) {
        String refusal = refusal(damaged, 1);
        refused += refusal.isEmpty() ? 0 : 1;
        for (int step : new int[] {2, 4, 8}) {
          assertThat(refusal(damaged, step)).as("byte %d, 1/%d", at, step).isEqualTo(refusal);
        }
      }
    }
    assertThat(refused).isGreaterThan(whole.length);
  }

  /** The coefficients of a progressive JPEG are kept for the whole picture. */
  @Test
  void memoryIsThatOfThePixelsMade() {
    ImageHeader upright = header(8_000, 6_000, Orientation.UPRIGHT, 3);
    ImageHeader turned = header(8_000, 6_000, Orientation.TURNED_LEFT, 3);
    ImageHeader progressive = header(5_000, 4_000, Orientation.UPRIGHT, 9);
    assertThat(upright.decodingBytes(Reduction.NONE)).isEqualTo(144_000_000);
    assertThat(upright.decodingBytes(Reduction.QUARTER)).isEqualTo(9_000_000);
    assertThat(turned.decodingBytes(Reduction.NONE)).isEqualTo(288_000_000);
    assertThat(turned.decodingBytes(Reduction.EIGHTH)).isEqualTo(4_500_000);
    assertThat(progressive.decodingBytes(Reduction.NONE)).isEqualTo(180_000_000);
    assertThat(progressive.decodingBytes(Reduction.HALF)).isEqualTo(135_000_000);
  }

  /** A budget that holds one picture in full holds many that are reduced. */
  @Test
  void reducedPicturesTakeLessOfTheBudget() throws Exception {
    Decoder tight = decoder(new DecoderSettings(1, 2 << 20, Duration.ZERO));
    byte[] jpeg = Scene.of(900, 700).encoded(".jpg");
    ImageHeader header = tight.inspect(jpeg);
    List<Picture> open = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        open.add(tight.decode(jpeg, header, 8, inAMinute()));
      }
      assertThatThrownBy(() -> tight.decode(jpeg, header, 1, soon()))
          .isInstanceOf(DecodeTimeoutException.class);
    } finally {
      open.forEach(Picture::close);
    }
    try (Picture _ = tight.decode(jpeg, header, 1, inAMinute())) {
      assertThatThrownBy(() -> tight.decode(jpeg, header, 1, soon()))
          .isInstanceOf(DecodeTimeoutException.class);
    }
  }

  private static ImageHeader header(
      int width, int height, Orientation orientation, int decoderBytesPerPixel) {
    return new ImageHeader(
        ImageFormat.JPEG, width, height, orientation, decoderBytesPerPixel, false);
  }

  /** Every decoded pixel has the colour that the scene has at its middle, the outermost nearly. */
  private static void assertShows(Scene scene, Picture picture, int tolerance) {
    int columns = picture.rgb().cols();
    byte[] rgb = new byte[(int) picture.rgb().total() * 3];
    picture.rgb().data().get(rgb);
    for (int i = 0; i < rgb.length; i++) {
      int column = i / 3 % columns;
      int row = i / 3 / columns;
      int x = picture.left() + picture.step() * column + picture.step() / 2;
      int y = picture.top() + picture.step() * row + picture.step() / 2;
      int expected =
          scene.sample(
              Math.clamp(x, 0, scene.width() - 1), Math.clamp(y, 0, scene.height() - 1), i % 3);
      assertThat(rgb[i] & 0xff).as("%d, %d", column, row).isCloseTo(expected, within(tolerance));
    }
  }

  private String refusal(byte[] image, double mostStep) {
    try (Picture _ = decode(image, mostStep)) {
      return "";
    } catch (InvalidImageException e) {
      return e.fault() + ": " + e.getMessage();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Picture decode(byte[] image, double mostStep) throws InterruptedException {
    return decoder.decode(image, decoder.inspect(image), mostStep, inAMinute());
  }

  private static Decoder decoder(DecoderSettings settings) {
    return new Decoder(settings, Settings.load(ImageLimits.class), new SimpleMeterRegistry());
  }

  private static long inAMinute() {
    return System.nanoTime() + Duration.ofMinutes(1).toNanos();
  }

  private static long soon() {
    return System.nanoTime() + Duration.ofMillis(100).toNanos();
  }
}
