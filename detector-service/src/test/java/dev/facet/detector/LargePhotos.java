package dev.facet.detector;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_CUBIC;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import dev.facet.detector.image.Picture;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** Photos as a camera of more pixels would have taken them. */
final class LargePhotos {
  private static final int QUALITY = 90;

  private LargePhotos() {}

  /** A JPEG of a photo in another size, by its longer side in pixels. */
  static byte[] jpeg(byte[] photo, int longerSide) {
    try (Picture picture = Decoded.unlimited(photo);
        Mat enlarged = new Mat();
        BytePointer out = new BytePointer();
        IntPointer options = new IntPointer(IMWRITE_JPEG_QUALITY, QUALITY)) {
      double scale = (double) longerSide / Math.max(picture.width(), picture.height());
      try (Size size =
          new Size(
              (int) Math.round(picture.width() * scale),
              (int) Math.round(picture.height() * scale))) {
        resize(picture.rgb(), enlarged, size, 0, 0, INTER_CUBIC);
      }
      cvtColor(enlarged, enlarged, COLOR_RGB2BGR);
      if (!imencode(".jpg", enlarged, out, options)) {
        throw new AssertionError("a photo could not be encoded");
      }
      byte[] bytes = new byte[Math.toIntExact(out.limit())];
      out.get(bytes);
      return bytes;
    }
  }
}
