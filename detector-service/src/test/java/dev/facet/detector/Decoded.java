package dev.facet.detector;

import dev.facet.bootstrap.Settings;
import dev.facet.detector.image.Decoder;
import dev.facet.detector.image.DecoderSettings;
import dev.facet.detector.image.ImageLimits;
import dev.facet.detector.image.Picture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;

/** Pictures for tests. */
final class Decoded {
  private static final Decoder DECODER = decoder();
  private static final Decoder UNLIMITED = decoder("min-side=1", "max-aspect=1000");

  private Decoded() {}

  private static Decoder decoder(String... limits) {
    return new Decoder(
        Settings.load(DecoderSettings.class),
        Settings.load(ImageLimits.class, limits),
        new SimpleMeterRegistry());
  }

  /** The picture in these bytes; the caller closes it. */
  static Picture picture(byte[] image) {
    return picture(DECODER, image, 1);
  }

  /** The same in fewer pixels: one for so many, each way, or for a little fewer. */
  static Picture reduced(byte[] image, double step) {
    return picture(DECODER, image, step);
  }

  /** The same for a picture that a service would refuse as too small or too long. */
  static Picture unlimited(byte[] image) {
    return picture(UNLIMITED, image, 1);
  }

  private static Picture picture(Decoder decoder, byte[] image, double step) {
    try {
      return decoder.decode(
          image, decoder.inspect(image), step, System.nanoTime() + Duration.ofMinutes(1).toNanos());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** All that are decoded. */
  static byte[] pixels(Picture picture) {
    byte[] pixels = new byte[Math.toIntExact(picture.rgb().total() * 3)];
    picture.rgb().data().get(pixels);
    return pixels;
  }

  /** A face without any look, at a place. */
  static Face face(Box box) {
    Point centre = box.centre();
    return new Face(
        box,
        new Landmarks(
            new Point(centre.x() - box.width() / 5, centre.y() - box.height() / 6),
            new Point(centre.x() + box.width() / 5, centre.y() - box.height() / 6),
            centre,
            new Point(centre.x() - box.width() / 6, centre.y() + box.height() / 4),
            new Point(centre.x() + box.width() / 6, centre.y() + box.height() / 4)),
        0.9f,
        0);
  }
}
