package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaceChooserTest {
  private static final Face LARGE = face(0, 0, 40, 0.7f);
  private static final Face PROBABLE = face(70, 70, 20, 0.9f);
  private static final Face CENTRAL = face(45, 45, 10, 0.8f);
  private static final List<Face> FACES = List.of(LARGE, PROBABLE, CENTRAL);

  @Test
  void allAreGivenMostProbableFirst() {
    assertThat(choose(FaceChoice.ALL, 0)).containsExactly(PROBABLE, CENTRAL, LARGE);
    assertThat(choose(FaceChoice.ALL, 2)).containsExactly(PROBABLE, CENTRAL);
    assertThat(new FaceChooser(FaceChoice.ALL, 0).choose(List.of(), 100, 100)).isEmpty();
  }

  @Test
  void eachRuleHasItsOwnBestFace() {
    assertThat(choose(FaceChoice.LARGEST, 0)).containsExactly(LARGE);
    assertThat(choose(FaceChoice.MOST_PROBABLE, 0)).containsExactly(PROBABLE);
    assertThat(choose(FaceChoice.MOST_CENTRAL, 0)).containsExactly(CENTRAL);
  }

  @Test
  void severalOfARuleAreGivenWhenAskedFor() {
    assertThat(choose(FaceChoice.LARGEST, 2)).containsExactly(LARGE, PROBABLE);
    assertThat(choose(FaceChoice.MOST_CENTRAL, 9)).hasSize(3).startsWith(CENTRAL);
  }

  @Test
  void onlyFaceMustBeAlone() {
    FaceChooser only = new FaceChooser(FaceChoice.ONLY, 0);
    assertThat(only.choose(List.of(LARGE), 100, 100)).containsExactly(LARGE);
    assertThatThrownBy(() -> only.choose(FACES, 100, 100))
        .isInstanceOf(MultipleFacesException.class)
        .hasMessageContaining("3 faces");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ALL")
  void aChoiceOfOneFaceNeedsOne(FaceChoice choice) {
    assertThatThrownBy(() -> new FaceChooser(choice, 0).choose(List.of(), 100, 100))
        .isInstanceOf(NoFaceException.class);
  }

  private static List<Face> choose(FaceChoice choice, int maxFaces) {
    return new FaceChooser(choice, maxFaces).choose(FACES, 100, 100);
  }

  private static Face face(float x, float y, float side, float score) {
    Point point = new Point(x, y);
    return new Face(
        new Box(x, y, side, side), new Landmarks(point, point, point, point, point), score, 0);
  }
}
