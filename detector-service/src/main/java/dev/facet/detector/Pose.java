package dev.facet.detector;

/**
 * Where a head is turned, in degrees, estimated from five landmarks: good enough to tell frontal
 * from profile, not to steer anything.
 *
 * <p>With the eyes turned level, the nose of a frontal face stands in the middle between the eyes
 * and a little more than half way down to the mouth. It stands before the plane of the other four
 * points by about {@value #NOSE_DEPTH} eye distances, so turning the head by an angle moves it by
 * that much times the sine, while the eyes (or eyes and mouth) draw together with the cosine.
 *
 * @param yaw positive towards the right of the picture
 * @param pitch positive up
 * @param roll of the line between the eyes, positive clockwise
 */
public record Pose(float yaw, float pitch, float roll) {
  private static final double NOSE_DEPTH = 0.45;

  /** Eyes to mouth, in eye distances, and the nose's way down in it: YuNet's medians on LFW. */
  private static final double FACE_HEIGHT = 1.04;

  private static final double NOSE_DOWN = 0.556;

  static Pose of(Landmarks landmarks) {
    Point left = landmarks.leftEye();
    Point right = landmarks.rightEye();
    double roll = Math.atan2(right.y() - left.y(), right.x() - left.x());
    Point eyes = Point.middle(left, right);
    Point mouth = Point.middle(landmarks.leftMouthCorner(), landmarks.rightMouthCorner());
    double width = left.distance(right);
    double height = down(eyes, mouth, roll);
    double noseAcross =
        across(eyes, landmarks.nose(), roll) - NOSE_DOWN * across(eyes, mouth, roll);
    double noseDown = down(eyes, landmarks.nose(), roll) - NOSE_DOWN * height;
    double yaw = Math.atan2(noseAcross / NOSE_DEPTH, width);
    double pitch = Math.atan2(-noseDown / NOSE_DEPTH, height / FACE_HEIGHT);
    return new Pose(degrees(yaw), degrees(pitch), degrees(roll));
  }

  private static double across(Point from, Point to, double roll) {
    return (to.x() - from.x()) * Math.cos(roll) + (to.y() - from.y()) * Math.sin(roll);
  }

  private static double down(Point from, Point to, double roll) {
    return (to.y() - from.y()) * Math.cos(roll) - (to.x() - from.x()) * Math.sin(roll);
  }

  private static float degrees(double radians) {
    return (float) Math.toDegrees(radians);
  }
}
