package dev.facet.detector.mtcnn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CandidatesTest {
  private static final Pixels PICTURE = new Pixels(100, 60, new byte[3 * 100 * 60]);

  /** A side of 30 pixels from corner to corner is one of 31 with both corners' pixels. */
  @Test
  void cornersMoveByTheirRegression() {
    Candidates candidates = new Candidates(Candidates.REGRESSION);
    candidates.add(10, 20, 40, 50, 1, 0.5f, 1, -0.5f, -1);
    candidates.regress(0);
    assertThat(corners(candidates)).containsExactly(25, 50, 25, 20);
    candidates = new Candidates(Candidates.REGRESSION);
    candidates.add(10, 20, 40, 50, 1, 0.5f, 1, -0.5f, -1);
    candidates.regress(1);
    assertThat(corners(candidates)).containsExactly(25.5f, 51, 24.5f, 19);
  }

  @Test
  void squaresHaveTheLongerSideAroundTheCentre() {
    Candidates candidates = new Candidates(0);
    candidates.add(10, 20, 20, 50, 1);
    candidates.square();
    assertThat(corners(candidates)).containsExactly(0, 20, 30, 50);
  }

  /** Positions count from 1, are cut towards zero, and both corners belong to the window. */
  @Test
  void windowsAreCutToThePicture() {
    assertThat(window(10.9f, 20.9f, 30.1f, 40.1f)).isEqualTo(new Window(PICTURE, 9, 19, 21, 21));
    assertThat(window(-5.5f, -0.9f, 12, 12)).isEqualTo(new Window(PICTURE, 0, 0, 12, 12));
    assertThat(window(90, 50, 120, 80)).isEqualTo(new Window(PICTURE, 89, 49, 11, 11));
  }

  @Test
  void windowsOutsideThePictureAreNotVisible() {
    assertThat(window(101, 10, 130, 40).isVisible()).isFalse();
    assertThat(window(-30, 10, 0.9f, 40).isVisible()).isFalse();
    assertThat(window(100, 60, 130, 90).isVisible()).isTrue();
    assertThat(window(-1e30f, Float.NaN, -1e20f, 1e30f).isVisible()).isFalse();
  }

  @Test
  void manyAreHeld() {
    Candidates some = new Candidates(1);
    Candidates all = new Candidates(1);
    for (int i = 0; i < 100; i++) {
      some.add(i, 0, 0, 0, 0, -i);
    }
    all.addAll(some);
    all.addAll(some);
    assertThat(all.size()).isEqualTo(200);
    assertThat(all.extra(199, 0)).isEqualTo(-99);
    assertThat(all.select(new int[] {150, 3}).left(0)).isEqualTo(50);
  }

  private static Window window(float left, float top, float right, float bottom) {
    Candidates candidates = new Candidates(0);
    candidates.add(left, top, right, bottom, 1);
    return Window.under(candidates, 0, PICTURE);
  }

  private static float[] corners(Candidates candidates) {
    return new float[] {
      candidates.left(0), candidates.top(0), candidates.right(0), candidates.bottom(0)
    };
  }
}
