package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.facet.detector.Canvas.Shape;
import dev.facet.detector.image.Picture;
import dev.facet.detector.image.Scene;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanvasShapesTest {
  private final CanvasShapes shapes =
      new CanvasShapes(List.of("640x640", "320x320", "640x480", "480x640"), 32);

  @ParameterizedTest
  @CsvSource({
    "160,160,320x320", "320,200,320x320", "321,200,640x480", "200,500,480x640",
    "4000,3000,640x480", "3000,4000,480x640", "3000,2900,640x640", "641,641,640x640"
  })
  void smallestCanvasThatTakesThePictureIsChosen(int width, int height, String expected) {
    try (Picture picture = Decoded.picture(Scene.of(width, height).encoded(".jpg"))) {
      Shape shape = shapes.draw(picture, 640, 0.5f).shape();
      assertThat(shape.width() + "x" + shape.height()).isEqualTo(expected);
    }
  }

  @Test
  void smallPictureIsNotEnlargedAndTheRestIsBlack() {
    try (Picture picture = Decoded.picture(Scene.of(100, 60).encoded(".png"))) {
      Canvas canvas = shapes.draw(picture, 640, 0.5f);
      assertThat(canvas.shown().columnStep()).isEqualTo(1);
      byte[] rgb = canvas.pixels().rgb();
      assertThat(rgb[3 * (59 * 320 + 99)]).isEqualTo(Decoded.pixels(picture)[3 * (59 * 100 + 99)]);
      assertThat(rgb[3 * (59 * 320 + 100)]).isZero();
      assertThat(rgb[3 * (60 * 320 + 99)]).isZero();
    }
  }

  /** What is found at a place of the canvas is at that place of the picture, to half a pixel. */
  @ParameterizedTest
  @ValueSource(ints = {700, 1000, 1500, 1999, 2600, 3999})
  void placesOfTheCanvasLeadBackToThePicture(int side) {
    try (Picture picture = Decoded.picture(Scene.of(side, side).encoded(".png"))) {
      Canvas canvas = shapes.draw(picture, 640, 0.5f);
      byte[] whole = Decoded.pixels(picture);
      for (int[] place : new int[][] {{20, 600}, {320, 320}, {630, 15}}) {
        Point there =
            new Point(place[0], place[1])
                .scaled(canvas.shown().columnStep(), canvas.shown().rowStep());
        int shown = canvas.pixels().rgb()[3 * (place[1] * 640 + place[0])] & 0xff;
        int at = 3 * (Math.round(there.y()) * side + Math.round(there.x()));
        assertThat(shown).isCloseTo(whole[at] & 0xff, within(1));
      }
      assertThat(
              new Point(639, 639).scaled(canvas.shown().columnStep(), canvas.shown().rowStep()).x())
          .isBetween(side - 6f - side / 640f, side - 0.5f);
    }
  }

  @Test
  void sidesThatTheModelCannotTakeAreRefused() {
    assertThatThrownBy(() -> new CanvasShapes(List.of("640x500"), 32))
        .hasMessageContaining("640x500 must be multiples of 32");
    assertThatThrownBy(() -> new CanvasShapes(List.of("640*640"), 32))
        .hasMessageContaining("640*640");
  }
}
