package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AffineTest {
  private static final List<Point> TEMPLATE =
      List.of(
          new Point(38.2946f, 51.6963f),
          new Point(73.5318f, 51.5014f),
          new Point(56.0252f, 71.7366f),
          new Point(41.5493f, 92.3655f),
          new Point(70.7299f, 92.2041f));

  @Test
  void similarityFindsRotationScaleAndShift() {
    for (int degrees = -180; degrees < 180; degrees += 23) {
      double angle = Math.toRadians(degrees);
      Affine known =
          new Affine(
              3 * Math.cos(angle),
              -3 * Math.sin(angle),
              40,
              3 * Math.sin(angle),
              3 * Math.cos(angle),
              -7);
      Affine found = Affine.similarity(TEMPLATE, TEMPLATE.stream().map(known::apply).toList());
      TEMPLATE.forEach(point -> assertClose(found.apply(point), known.apply(point), 1e-3));
    }
  }

  /** Where no similarity fits, no small change of the one found fits better. */
  @Test
  void similarityIsTheOneOfLeastSquares() {
    Random random = new Random(11);
    for (int round = 0; round < 50; round++) {
      List<Point> onto =
          TEMPLATE.stream()
              .map(
                  p ->
                      new Point(
                          p.x() + 9 * (float) random.nextGaussian(),
                          p.y() + 9 * (float) random.nextGaussian()))
              .toList();
      Affine best = Affine.similarity(TEMPLATE, onto);
      double least = squares(best, onto);
      for (double change : new double[] {-1e-3, 1e-3}) {
        assertThat(squares(changed(best, change, 0, 0, 0), onto)).isGreaterThan(least);
        assertThat(squares(changed(best, 0, change, 0, 0), onto)).isGreaterThan(least);
        assertThat(squares(changed(best, 0, 0, 100 * change, 0), onto)).isGreaterThan(least);
        assertThat(squares(changed(best, 0, 0, 0, 100 * change), onto)).isGreaterThan(least);
      }
    }
  }

  @Test
  void mirroredFaceIsTurnedAndNeverMirrored() {
    List<Point> mirrored = TEMPLATE.stream().map(p -> new Point(112 - p.x(), p.y())).toList();
    Affine found = Affine.similarity(mirrored, TEMPLATE);
    assertThat(found.xx() * found.yy() - found.xy() * found.yx()).isPositive();
  }

  @Test
  void coincidingAndInfinitePointsAreRefused() {
    List<Point> one = Collections.nCopies(5, new Point(3, 3));
    assertThatThrownBy(() -> Affine.similarity(one, TEMPLATE))
        .isInstanceOf(DegenerateLandmarksException.class);
    assertThatThrownBy(() -> Affine.similarity(TEMPLATE, one))
        .isInstanceOf(DegenerateLandmarksException.class);
    List<Point> far = Collections.nCopies(5, new Point(Float.MAX_VALUE, 0));
    assertThatThrownBy(() -> Affine.similarity(far, TEMPLATE))
        .isInstanceOf(DegenerateLandmarksException.class);
    assertThatThrownBy(() -> Affine.stretch(new Box(1, 1, 0, 5), 9, 9))
        .isInstanceOf(DegenerateLandmarksException.class);
  }

  @Test
  void stretchTakesEdgesToEdges() {
    Affine map = Affine.stretch(new Box(10, 20, 30, 60), 15, 15);
    assertClose(map.apply(new Point(9.5f, 19.5f)), new Point(-0.5f, -0.5f), 1e-4);
    assertClose(map.apply(new Point(39.5f, 79.5f)), new Point(14.5f, 14.5f), 1e-4);
    Box moved = map.applyToEdges(new Box(10, 20, 30, 60));
    assertThat(moved).isEqualTo(new Box(0, 0, 15, 15));
  }

  @Test
  void inverseAndThenUndoEachOther() {
    Affine map = new Affine(2, 0.5, 3, -0.25, 1.5, -9);
    Affine nothing = map.then(map.inverse());
    assertClose(nothing.apply(new Point(17, -4)), new Point(17, -4), 1e-4);
  }

  private static Affine changed(Affine map, double a, double b, double x, double y) {
    return new Affine(
        map.xx() + a, map.xy() - b, map.x0() + x, map.yx() + b, map.yy() + a, map.y0() + y);
  }

  private static double squares(Affine map, List<Point> onto) {
    double sum = 0;
    for (int i = 0; i < onto.size(); i++) {
      double x = map.xx() * TEMPLATE.get(i).x() + map.xy() * TEMPLATE.get(i).y() + map.x0();
      double y = map.yx() * TEMPLATE.get(i).x() + map.yy() * TEMPLATE.get(i).y() + map.y0();
      sum += Math.pow(x - onto.get(i).x(), 2) + Math.pow(y - onto.get(i).y(), 2);
    }
    return sum;
  }

  private static void assertClose(Point actual, Point expected, double distance) {
    assertThat(actual.distance(expected)).isCloseTo(0, within(distance));
  }
}
