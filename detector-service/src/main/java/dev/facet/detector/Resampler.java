package dev.facet.detector;

import static org.bytedeco.opencv.global.opencv_core.BORDER_CONSTANT;
import static org.bytedeco.opencv.global.opencv_core.CV_64FC1;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;
import static org.bytedeco.opencv.global.opencv_imgproc.warpAffine;

import dev.facet.detector.image.Picture;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Cuts pixels out of a picture along an affine map; what lies outside the picture is black.
 *
 * <p>Bilinear interpolation looks at four pixels only, so it aliases where a crop is much smaller
 * than its face: a face of 2000 pixels in a crop of 112 would be a random sample of its pores.
 * Where a step in the crop is more than {@value #SHARPEST_STEP} pixels of the picture, squares of
 * whole pixels are therefore averaged first, as far as they leave {@value #LEAST_STEP} for a pixel
 * of the crop, and {@value #SAMPLES} × {@value #SAMPLES} places of what is left are averaged for
 * each of those. So a crop is nearly the average over each of its pixels' footprint, whether it is
 * cut from all of a picture's pixels or from some of them, and whatever square the averaging began
 * at.
 */
final class Resampler {
  private static final double SHARPEST_STEP = 2;
  private static final double LEAST_STEP = 2;
  private static final int SAMPLES = 2;
  private static final Affine TO_SAMPLES =
      new Affine(SAMPLES, 0, (SAMPLES - 1) / 2.0, 0, SAMPLES, (SAMPLES - 1) / 2.0);
  private static final int MARGIN = 2;

  private Resampler() {}

  /** A crop of this size along a map from the picture's own pixels; the caller closes it. */
  static Mat cut(Picture picture, Affine toCrop, int width, int height) {
    Affine fromPixels = Affine.toPicture(picture).then(toCrop);
    return cut(picture.rgb(), fromPixels, width, height, SHARPEST_STEP / picture.step());
  }

  /** A crop of this size along a map from these pixels; the caller closes it. */
  static Mat cut(Mat picture, Affine toCrop, int width, int height) {
    return cut(picture, toCrop, width, height, SHARPEST_STEP);
  }

  private static Mat cut(Mat picture, Affine toCrop, int width, int height, double sharpestStep) {
    Affine toPicture = toCrop.inverse();
    double acrossStep = Math.hypot(toPicture.xx(), toPicture.xy());
    double downStep = Math.hypot(toPicture.yx(), toPicture.yy());
    if (acrossStep <= sharpestStep && downStep <= sharpestStep) {
      return warp(picture, toCrop, width, height);
    }
    int across = (int) Math.max(1, acrossStep / LEAST_STEP);
    int down = (int) Math.max(1, downStep / LEAST_STEP);
    try (Rect under = under(picture, toPicture, width, height, across, down)) {
      if (under.width() < across || under.height() < down) {
        return new Mat(height, width, picture.type(), Scalar.all(0));
      }
      int columns = under.width() / across;
      int rows = under.height() / down;
      Affine fromAveraged =
          new Affine(
              across, 0, under.x() + (across - 1) / 2.0, 0, down, under.y() + (down - 1) / 2.0);
      Affine toSamples = fromAveraged.then(toCrop).then(TO_SAMPLES);
      under.width(columns * across);
      under.height(rows * down);
      try (Mat part = picture.apply(under);
          Mat averaged = scaled(part, columns, rows);
          Mat samples = warp(averaged, toSamples, SAMPLES * width, SAMPLES * height)) {
        return scaled(samples, width, height);
      }
    }
  }

  /** The picture in another, smaller size, by averaging; the caller closes it. */
  static Mat scaled(Mat picture, int width, int height) {
    Mat scaled = new Mat();
    try (Size size = new Size(width, height)) {
      resize(picture, scaled, size, 0, 0, INTER_AREA);
    }
    return scaled;
  }

  private static Mat warp(Mat picture, Affine toCrop, int width, int height) {
    Mat crop = new Mat();
    try (Mat matrix = new Mat(2, 3, CV_64FC1);
        DoublePointer cells = new DoublePointer(matrix.data());
        Size size = new Size(width, height);
        Scalar black = Scalar.all(0)) {
      cells.put(toCrop.xx(), toCrop.xy(), toCrop.x0(), toCrop.yx(), toCrop.yy(), toCrop.y0());
      warpAffine(picture, crop, matrix, size, INTER_LINEAR, BORDER_CONSTANT, black);
    }
    return crop;
  }

  /** The part of the picture that a crop can show, and some of the squares around it. */
  private static Rect under(
      Mat picture, Affine toPicture, int width, int height, int across, int down) {
    Point[] corners = {
      toPicture.apply(new Point(-1, -1)),
      toPicture.apply(new Point(width, -1)),
      toPicture.apply(new Point(-1, height)),
      toPicture.apply(new Point(width, height))
    };
    double left = picture.cols();
    double top = picture.rows();
    double right = 0;
    double bottom = 0;
    for (Point corner : corners) {
      left = Math.min(left, corner.x() - MARGIN * across);
      top = Math.min(top, corner.y() - MARGIN * down);
      right = Math.max(right, corner.x() + MARGIN * across);
      bottom = Math.max(bottom, corner.y() + MARGIN * down);
    }
    int x = (int) Math.max(0, Math.floor(left));
    int y = (int) Math.max(0, Math.floor(top));
    int x2 = (int) Math.min(picture.cols(), Math.ceil(right));
    int y2 = (int) Math.min(picture.rows(), Math.ceil(bottom));
    return new Rect(x, y, x2 - x, y2 - y);
  }
}
