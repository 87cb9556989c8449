package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.facet.detector.TurnedFaces.Turned;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotationTest {

  /** The top right corner of a picture turned counter-clockwise is then its top left one. */
  @Test
  void quartersOnlyMovePixels() {
    Rotation left = Rotation.of(90, 30, 20);
    assertThat(left.width()).isEqualTo(20);
    assertThat(left.height()).isEqualTo(30);
    assertThat(left.toCanvas().apply(new Point(29, 0))).isEqualTo(new Point(0, 0));
    assertThat(left.toCanvas().apply(new Point(0, 0))).isEqualTo(new Point(0, 29));
    assertThat(Rotation.of(180, 30, 20).toCanvas().apply(new Point(0, 0)))
        .isEqualTo(new Point(29, 19));
  }

  @ParameterizedTest
  @ValueSource(floats = {-90, -45, -17.5f, 0, 45, 90, 135, 180})
  void canvasHoldsThePictureAndLeadsBack(float angle) {
    Rotation rotation = Rotation.of(angle, 331, 120);
    for (Point corner :
        List.of(new Point(0, 0), new Point(330, 0), new Point(0, 119), new Point(330, 119))) {
      Point there = rotation.toCanvas().apply(corner);
      assertThat(there.x()).isBetween(-0.01f, rotation.width() - 0.99f);
      assertThat(there.y()).isBetween(-0.01f, rotation.height() - 0.99f);
      assertThat(rotation.toCanvas().inverse().apply(there).distance(corner))
          .isCloseTo(0, within(1e-3));
    }
    Face face = Decoded.face(new Box(100, 40, 30, 50));
    Point nose = rotation.toCanvas().apply(face.landmarks().nose());
    Face found =
        new Face(
            new Box(nose.x() - 14.5f, nose.y() - 24.5f, 30, 50),
            face.landmarks().mapped(rotation.toCanvas()::apply),
            0.9f,
            0);
    Face back = rotation.back(found);
    assertThat(back.angle()).isEqualTo(angle);
    assertThat(back.landmarks().nose().distance(face.landmarks().nose()))
        .isCloseTo(0, within(1e-3));
    assertThat(back.box().width()).isEqualTo(30);
    assertThat(back.box().centre().x()).isCloseTo(face.box().centre().x() + 0.5f, within(1e-3f));
    assertThat(back.box().centre().y()).isCloseTo(face.box().centre().y() + 0.5f, within(1e-3f));
  }

  @Test
  void angleIsWeighedFromScoreAndLean() {
    List<Face> merged =
        TurnedFaces.merged(
            List.of(
                turned(0, 100, 0.97f, 3),
                turned(45, 102, 0.99f, 42),
                turned(45, 400, 0.999f, 1),
                turned(0, 400, 0.8f, 0)),
            0.25f);
    assertThat(merged).extracting(Face::angle).containsExactly(45f, 0f);
    assertThat(merged.getLast().score()).isEqualTo(0.97f);
  }

  /** What one angle's search told apart stays apart. */
  @Test
  void facesOfOneAngleAreSeveral() {
    assertThat(
            TurnedFaces.merged(List.of(turned(45, 100, 0.9f, 0), turned(45, 104, 0.8f, 0)), 0.25f))
        .hasSize(2);
  }

  private static Turned turned(float angle, float x, float score, float lean) {
    Face face = Decoded.face(new Box(x, 50, 40, 40));
    return new Turned(new Face(face.box(), face.landmarks(), score, angle), lean);
  }
}
