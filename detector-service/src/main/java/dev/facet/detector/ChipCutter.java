package dev.facet.detector;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_PNG_COMPRESSION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import dev.facet.detector.image.ImageFormat;
import dev.facet.detector.image.Picture;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/**
 * Cuts the picture of a face to keep.
 *
 * <p>A chip holds nothing but pixels of the picture, at their own places unless it had to be
 * shrunk: a square that would leave the picture is moved back into it, and cut off only where the
 * picture is smaller than the square. So no crop made from it later can tell invented pixels from
 * real ones. A face that stands at an angle does so in its chip too, beside the angle: turned
 * pixels would be interpolated twice on their way into a crop, and the corners of a turned square
 * would be invented.
 */
final class ChipCutter {
  /** So that the smallest face's chip passes the limits for pictures. */
  private static final int LEAST_SIDE = 64;

  private static final int PNG_COMPRESSION = 3;

  private ChipCutter() {}

  static Chip cut(Picture picture, Face face, ChipSpec spec) {
    Rect square = square(picture, face.box().aroundTurned(face.angle()), spec.enlargement());
    try (square;
        Mat part = picture.rgb().apply(square);
        Mat chip = shrunk(part, spec.maxSide())) {
      Box region = new Box(square.x(), square.y(), square.width(), square.height());
      Affine toChip = Affine.stretch(region, chip.cols(), chip.rows());
      return new Chip(
          encoded(chip, spec),
          spec.format(),
          chip.cols(),
          chip.rows(),
          toChip.applyToEdges(face.box()),
          face.landmarks().mapped(toChip::apply),
          face.angle());
    }
  }

  private static Rect square(Picture picture, Box box, float enlargement) {
    int side = (int) Math.ceil(Math.max(LEAST_SIDE, box.longerSide() * enlargement));
    int width = Math.min(side, picture.width());
    int height = Math.min(side, picture.height());
    Point centre = box.centre();
    int x = Math.round(centre.x() - width / 2f);
    int y = Math.round(centre.y() - height / 2f);
    return new Rect(
        Math.clamp(x, 0, picture.width() - width),
        Math.clamp(y, 0, picture.height() - height),
        width,
        height);
  }

  private static Mat shrunk(Mat part, int maxSide) {
    int longer = Math.max(part.cols(), part.rows());
    if (longer <= maxSide) {
      return part.clone();
    }
    double factor = (double) maxSide / longer;
    return Resampler.scaled(
        part,
        (int) Math.max(1, Math.round(part.cols() * factor)),
        (int) Math.max(1, Math.round(part.rows() * factor)));
  }

  private static byte[] encoded(Mat chip, ChipSpec spec) {
    boolean jpeg = spec.format() == ImageFormat.JPEG;
    cvtColor(chip, chip, COLOR_RGB2BGR);
    try (BytePointer out = new BytePointer();
        IntPointer options =
            jpeg
                ? new IntPointer(IMWRITE_JPEG_QUALITY, spec.jpegQuality())
                : new IntPointer(IMWRITE_PNG_COMPRESSION, PNG_COMPRESSION)) {
      if (!imencode(jpeg ? ".jpg" : ".png", chip, out, options)) {
        throw new IllegalStateException("a chip could not be encoded");
      }
      byte[] bytes = new byte[Math.toIntExact(out.limit())];
      out.get(bytes);
      return bytes;
    }
  }
}
