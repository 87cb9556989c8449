package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.facet.detector.CropSpec.AroundBox;
import dev.facet.detector.CropSpec.Shape;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CropSpecTest {
  private static final Box BOX = new Box(100, 50, 80, 100);

  /** Each square keeps the centre (140, 100). */
  @ParameterizedTest
  @CsvSource({
    "AS_FOUND, 100, 50, 80, 100",
    "SQUARE_OF_LONGER_SIDE, 90, 50, 100, 100",
    "SQUARE_OF_MEAN_SIDE, 95, 55, 90, 90",
    "SQUARE_OF_SHORTER_SIDE, 100, 60, 80, 80"
  })
  void shapeIsTakenAroundTheCentre(Shape shape, float x, float y, float width, float height) {
    assertShows(new AroundBox(0, shape, 0, false), x, y, width, height);
  }

  /** FaceAll: mean side 90, centre 9 down, side 103.5. */
  @Test
  void squareIsMovedBeforeItIsEnlarged() {
    assertShows(
        new AroundBox(0.15f, Shape.SQUARE_OF_MEAN_SIDE, 0.1f, false),
        88.25f,
        57.25f,
        103.5f,
        103.5f);
  }

  /** facenet-pytorch with margin 32: 32 · 80 / 128 across and 32 · 100 / 128 down, in total. */
  @Test
  void marginInPixelsOfTheCropIsAFractionOfTheBox() {
    assertShows(new AroundBox(32f / 128, Shape.AS_FOUND, 0, false), 90, 37.5f, 100, 125);
    assertShows(new AroundBox(32f / 128, Shape.AS_FOUND, 0, true), 90, 37, 100, 125);
  }

  @ParameterizedTest
  @CsvSource({
    "-20.5, -7.9, 60, 40, 0, 0, 39, 32",
    "180.7, 100.2, 60, 80, 180, 100, 20, 50",
    "-500, 60.9, 20, 0.2, 0, 60, 1, 1",
    "900, 900, 20, 20, 199, 149, 1, 1"
  })
  void boxEndsWithThePictureOnWholePixels(
      float x,
      float y,
      float width,
      float height,
      float left,
      float top,
      float across,
      float down) {
    Affine map =
        spec(new AroundBox(0, Shape.AS_FOUND, 0, true))
            .from(at(new Box(x, y, width, height), 0), 200, 150);

    assertShows(map, left, top, across, down);
  }

  /** What is right of the turned face's centre comes to lie right of the crop's, and so on. */
  @ParameterizedTest
  @ValueSource(floats = {-180, -90, -45, 30, 45, 90})
  void turnedBoxIsCutUpright(float angle) {
    Affine map = spec(new AroundBox(0, Shape.AS_FOUND, 0, true)).from(at(BOX, angle), 200, 150);

    double cos = Math.cos(Math.toRadians(angle));
    double sin = Math.sin(Math.toRadians(angle));
    assertClose(map.apply(new Point(139.5f, 99.5f)), 79.5, 79.5);
    // The middle of the face's right edge, 40 pixels from its centre; a clockwise face has it
    // lower.
    Point right = new Point((float) (139.5 + 40 * cos), (float) (99.5 + 40 * sin));
    assertClose(map.apply(right), 159.5, 79.5);
    Point chin = new Point((float) (139.5 - 50 * sin), (float) (99.5 + 50 * cos));
    assertClose(map.apply(chin), 79.5, 159.5);
  }

  /** Of a photo's tilted face, whose eyes lie 40° clockwise: at its angle of 45° they are level. */
  @Test
  void clockwiseFaceHasAPositiveAngle() {
    Landmarks tilted =
        new Landmarks(
            new Point(52.8f, 108.4f),
            new Point(62.7f, 116.9f),
            new Point(56.3f, 125),
            new Point(42.2f, 120.3f),
            new Point(50.7f, 127.4f));
    KnownFace.At face = new KnownFace.At(new Box(24, 82, 51, 51), Optional.of(tilted), 45);

    Affine map = spec(new AroundBox(0, Shape.AS_FOUND, 0, false)).from(face, 127, 177);

    assertThat(Pose.of(tilted).roll()).isCloseTo(40.6f, within(0.5f));
    assertThat(Pose.of(tilted.mapped(map::apply)).roll()).isCloseTo(-4.4f, within(0.5f));
  }

  /** A shift follows the face, not the picture. */
  @Test
  void shiftOfATurnedBoxIsTowardsTheChin() {
    Affine map = spec(new AroundBox(0, Shape.AS_FOUND, 0.1f, false)).from(at(BOX, 90), 200, 150);

    // A face that lies on its right side has its chin at the left.
    assertClose(map.apply(new Point(129.5f, 99.5f)), 79.5, 79.5);
  }

  private static void assertShows(AroundBox placement, float x, float y, float across, float down) {
    assertShows(spec(placement).from(at(BOX, 0), 1000, 1000), x, y, across, down);
  }

  private static void assertShows(Affine map, float x, float y, float across, float down) {
    assertClose(map.apply(new Point(x - 0.5f, y - 0.5f)), -0.5, -0.5);
    assertClose(map.apply(new Point(x + across - 0.5f, y + down - 0.5f)), 159.5, 159.5);
  }

  private static void assertClose(Point actual, double x, double y) {
    assertThat(actual.x()).isCloseTo((float) x, within(1e-3f));
    assertThat(actual.y()).isCloseTo((float) y, within(1e-3f));
  }

  private static CropSpec spec(AroundBox placement) {
    return new CropSpec(160, 160, placement);
  }

  private static KnownFace.At at(Box box, float angle) {
    return new KnownFace.At(box, Optional.empty(), angle);
  }
}
