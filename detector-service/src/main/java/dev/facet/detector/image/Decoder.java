package dev.facet.detector.image;

import static dev.facet.detector.image.ImageFault.IMAGE_CORRUPT;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.flip;
import static org.bytedeco.opencv.global.opencv_core.transpose;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns encoded pictures into upright pixels, within a budget of processors and memory.
 *
 * <p>The orientation is applied here, as {@link ImageGuard} read it, and not by OpenCV, which knows
 * it in some formats only. Damage inside compressed data is not always an error to libjpeg: it may
 * write a line to the process's standard error and leave a grey patch. The service bounds those
 * lines.
 */
public final class Decoder {
  private static final Logger log = LoggerFactory.getLogger(Decoder.class);
  private static final int FLAGS = IMREAD_COLOR_RGB | IMREAD_IGNORE_ORIENTATION;
  private static final int DOWN = 0;
  private static final int ACROSS = 1;
  private static final int BOTH = -1;

  private final DecoderSettings settings;
  private final ImageGuard guard;
  private final DecodeBudget budget;
  private final Timer timer;

  public Decoder(DecoderSettings settings, ImageLimits limits, MeterRegistry meters) {
    OpenCv.load();
    this.settings = settings;
    this.guard = new ImageGuard(limits);
    this.budget = new DecodeBudget(settings.permits(), settings.memoryBytes());
    this.timer =
        Timer.builder("facet.decode")
            .description("Image bytes to upright pixels, without waiting for a turn")
            .register(meters);
  }

  /**
   * What a picture says of itself.
   *
   * @throws InvalidImageException if the picture is refused
   */
  public ImageHeader inspect(byte[] image) {
    return guard.inspect(image);
  }

  /**
   * Decodes a picture that was inspected; the caller closes it.
   *
   * @param mostStep pixels of the picture, along each side, that may become one, where the decoder
   *     saves time by that; below 2 all are decoded
   * @param deadlineNanos when the answer becomes worthless, on the scale of {@link System#nanoTime}
   * @throws InvalidImageException if the picture is refused
   * @throws DecodeTimeoutException if too little time is left
   * @throws InterruptedException if interrupted while waiting for a turn
   */
  public Picture decode(byte[] image, ImageHeader header, double mostStep, long deadlineNanos)
      throws InterruptedException {
    Reduction reduction = Reduction.of(header, mostStep);
    long latestNanos = deadlineNanos - settings.leastTime().toNanos();
    DecodeBudget.Share share = budget.take(header.decodingBytes(reduction), latestNanos);
    boolean decoded = false;
    try {
      Mat rgb = timer.record(() -> upright(pixels(image, header, reduction), header.orientation()));
      decoded = true;
      share.decoded(rgb.total() * rgb.elemSize());
      return new Picture(header, reduction, rgb, share);
    } finally {
      if (!decoded) {
        share.close();
      }
    }
  }

  private static Mat pixels(byte[] image, ImageHeader header, Reduction reduction) {
    byte[] encoded = header.format() == ImageFormat.PNG ? PngReader.pixelsOnly(image) : image;
    Mat rgb;
    try (BytePointer copy = new BytePointer(encoded);
        Mat row = new Mat(1, encoded.length, CV_8UC1, copy)) {
      rgb = imdecode(row, FLAGS | reduction.flag());
    } catch (RuntimeException e) {
      log.debug("OpenCV refused a picture", e);
      throw corrupt(header);
    }
    if (rgb.type() != CV_8UC3
        || rgb.cols() != reduction.side(header.width())
        || rgb.rows() != reduction.side(header.height())) {
      rgb.close();
      throw corrupt(header);
    }
    return rgb;
  }

  private static Mat upright(Mat stored, Orientation orientation) {
    Mat upright = stored;
    if (orientation.transposed()) {
      upright = new Mat();
      transpose(stored, upright);
      stored.close();
    }
    if (orientation.mirroredAcross() || orientation.mirroredDown()) {
      boolean both = orientation.mirroredAcross() && orientation.mirroredDown();
      flip(upright, upright, both ? BOTH : orientation.mirroredAcross() ? ACROSS : DOWN);
    }
    return upright;
  }

  private static InvalidImageException corrupt(ImageHeader header) {
    return new InvalidImageException(
        IMAGE_CORRUPT, "the %s's pixels are damaged".formatted(header.format()));
  }
}
