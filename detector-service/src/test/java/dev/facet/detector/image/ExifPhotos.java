package dev.facet.detector.image;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;

import dev.facet.bootstrap.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;

/** A photo as a camera stores it that was held in one of the eight ways of EXIF. */
public final class ExifPhotos {
  private ExifPhotos() {}

  /** Lossless, so that nothing differs but the way it is stored. */
  public static byte[] stored(byte[] photo, int orientation) {
    return Pngs.withChunk(
        scene(photo).stored(orientation).encoded(".png"),
        Pngs.chunk("eXIf", Jpegs.tiff(orientation)));
  }

  /** As cameras do it. */
  public static byte[] storedAsJpeg(byte[] photo, int orientation) {
    return Jpegs.with(
        scene(photo).stored(orientation).encoded(".jpg", IMWRITE_JPEG_QUALITY, 95),
        Jpegs.exif(orientation));
  }

  private static Scene scene(byte[] photo) {
    Decoder decoder =
        new Decoder(
            Settings.load(DecoderSettings.class),
            Settings.load(ImageLimits.class),
            new SimpleMeterRegistry());
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    try (Picture picture = decoder.decode(photo, decoder.inspect(photo), 1, deadline)) {
      byte[] rgb = new byte[picture.width() * picture.height() * 3];
      picture.rgb().data().get(rgb);
      return new Scene(picture.width(), picture.height(), rgb);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
