package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PoseTest {
  private static final float TOLERANCE = 3;

  @Test
  void frontalFaceLooksStraightAhead() {
    Pose pose = Pose.of(face(0, 0));
    assertThat(pose.yaw()).isCloseTo(0, within(TOLERANCE));
    assertThat(pose.pitch()).isCloseTo(0, within(TOLERANCE));
    assertThat(pose.roll()).isCloseTo(0, within(TOLERANCE));
  }

  @Test
  void turnedHeadIsMeasured() {
    for (int degrees : new int[] {-50, -20, 10, 40}) {
      assertThat(Pose.of(face(degrees, 0)).yaw()).isCloseTo(degrees, within(TOLERANCE));
      assertThat(Pose.of(face(0, degrees)).pitch()).isCloseTo(degrees, within(TOLERANCE));
    }
  }

  @Test
  void tiltIsRollAndNothingElse() {
    double angle = Math.toRadians(30);
    Pose pose =
        Pose.of(
            face(20, 10)
                .mapped(
                    p ->
                        new Point(
                            (float) (Math.cos(angle) * p.x() - Math.sin(angle) * p.y()),
                            (float) (Math.sin(angle) * p.x() + Math.cos(angle) * p.y()))));
    assertThat(pose.roll()).isCloseTo(30 + Pose.of(face(20, 10)).roll(), within(0.1f));
    assertThat(pose.yaw()).isCloseTo(Pose.of(face(20, 10)).yaw(), within(0.1f));
    assertThat(pose.pitch()).isCloseTo(Pose.of(face(20, 10)).pitch(), within(0.1f));
  }

  /** A head of 100 pixels between the eyes, turned to the picture's right and then up. */
  private static Landmarks face(double yaw, double pitch) {
    return new Landmarks(
        seen(-50, 0, 0, yaw, pitch),
        seen(50, 0, 0, yaw, pitch),
        seen(0, 57.8, 45, yaw, pitch),
        seen(-40, 104, 0, yaw, pitch),
        seen(40, 104, 0, yaw, pitch));
  }

  private static Point seen(double x, double y, double z, double yaw, double pitch) {
    double turn = Math.toRadians(yaw);
    double nod = Math.toRadians(pitch);
    double x1 = x * Math.cos(turn) + z * Math.sin(turn);
    double z1 = z * Math.cos(turn) - x * Math.sin(turn);
    double y1 = y * Math.cos(nod) - z1 * Math.sin(nod);
    return new Point((float) x1, (float) y1);
  }
}
