package dev.facet.detector;

import static org.bytedeco.opencv.global.opencv_core.CV_64F;
import static org.bytedeco.opencv.global.opencv_core.mean;
import static org.bytedeco.opencv.global.opencv_core.norm;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2GRAY;
import static org.bytedeco.opencv.global.opencv_imgproc.Laplacian;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import dev.facet.detector.image.Picture;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;

/**
 * How well a model can see a face.
 *
 * @param eyeDistance in pixels of the picture
 * @param sharpness variance of the Laplacian of the grey face, turned upright, at a fixed size
 * @param pose where the head is turned
 */
public record Quality(float eyeDistance, float sharpness, Pose pose) {
  private static final int FACE_SIDE = 112;

  static Quality of(Picture picture, Face face) {
    Landmarks landmarks = face.landmarks();
    return new Quality(
        (float) landmarks.leftEye().distance(landmarks.rightEye()),
        (float) sharpness(picture, face),
        Pose.of(landmarks));
  }

  /**
   * 0 (unusable) to 1 (ideal): the product of the parts, each a ramp between a value at which
   * embeddings are useless and one above which they gain nothing. Roll costs nothing, as crops are
   * turned upright.
   */
  public float overall() {
    return ramp(eyeDistance, 6, 40)
        * ramp(sharpness, 0, 60)
        * ramp(Math.abs(pose.yaw()), 75, 20)
        * ramp(Math.abs(pose.pitch()), 60, 20);
  }

  private static float ramp(float value, float worst, float best) {
    return Math.clamp((value - worst) / (best - worst), 0f, 1f);
  }

  /** Pixels of the picture for one of those that are judged. */
  static double step(Face face) {
    return face.box().longerSide() / (double) FACE_SIDE;
  }

  private static double sharpness(Picture picture, Face face) {
    Box square = CropSpec.Shape.SQUARE_OF_LONGER_SIDE.of(face.box());
    Affine toFace = Affine.stretch(square, face.angle(), FACE_SIDE, FACE_SIDE);
    try (Mat grey = Resampler.cut(picture, toFace, FACE_SIDE, FACE_SIDE);
        Mat edges = new Mat()) {
      cvtColor(grey, grey, COLOR_RGB2GRAY);
      Laplacian(grey, edges, CV_64F);
      try (Scalar mean = mean(edges)) {
        double length = norm(edges);
        return length * length / edges.total() - mean.get() * mean.get();
      }
    }
  }
}
