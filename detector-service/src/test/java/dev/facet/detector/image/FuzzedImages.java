package dev.facet.detector.image;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_WEBP_QUALITY;

import dev.facet.bootstrap.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/**
 * A process of its own that decodes damaged pictures: those numbered from the first argument on, as
 * many as the second says. The number under way stands in the file that the third names, to be
 * found there after a crash. Prints what came of them.
 */
final class FuzzedImages {
  private FuzzedImages() {}

  public static void main(String[] args) throws Exception {
    long first = Long.parseLong(args[0]);
    int count = Integer.parseInt(args[1]);
    Decoder decoder =
        new Decoder(
            Settings.load(DecoderSettings.class),
            Settings.load(ImageLimits.class),
            new SimpleMeterRegistry());
    List<byte[]> pictures = pictures();
    int decoded = 0;
    long slowest = 0;
    long slowestNanos = 0;
    var threads = ManagementFactory.getThreadMXBean();
    try (FileChannel file =
        FileChannel.open(
            Path.of(args[2]),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      MappedByteBuffer underWay = file.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
      for (long number = first; number < first + count; number++) {
        underWay.putLong(0, number);
        byte[] image = Mutation.of(pictures, number);
        long start = threads.getCurrentThreadCpuTime();
        if (isDecoded(decoder, image)) {
          decoded++;
        }
        long nanos = threads.getCurrentThreadCpuTime() - start;
        if (nanos > slowestNanos) {
          slowestNanos = nanos;
          slowest = number;
        }
      }
    }
    System.out.println(
        "decoded %d refused %d slowest %d millis %d peak %d"
            .formatted(
                decoded, count - decoded, slowest, slowestNanos / 1_000_000, PeakMemory.kib()));
  }

  private static boolean isDecoded(Decoder decoder, byte[] image) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    try (Picture picture = decoder.decode(image, decoder.inspect(image), 1, deadline)) {
      return picture.width() > 0;
    } catch (InvalidImageException e) {
      return false;
    }
  }

  /** Small ones, of every encoding that is taken. */
  private static List<byte[]> pictures() {
    Scene scene = Scene.of(61, 43);
    byte[] jpeg = scene.encoded(".jpg");
    byte[] png = scene.encoded(".png");
    byte[] lossless = scene.encoded(".webp", IMWRITE_WEBP_QUALITY, 101);
    return List.of(
        jpeg,
        Jpegs.with(jpeg, Jpegs.exif(6)),
        scene.encoded(".jpg", IMWRITE_JPEG_PROGRESSIVE, 1),
        scene.encoded(".jpg", IMWRITE_JPEG_RST_INTERVAL, 2),
        scene.encoded(".jpg", IMWRITE_JPEG_SAMPLING_FACTOR, 0x111111),
        Jpegs.scanBomb(64, 48, 20),
        png,
        Pngs.withChunk(png, Pngs.chunk("eXIf", Jpegs.tiff(3))),
        Pngs.black(61, 43, 1, Pngs.GREY),
        scene.encoded(".webp", IMWRITE_WEBP_QUALITY, 80),
        lossless,
        Webps.animated(lossless, 61, 43));
  }
}
