package dev.facet.detector.image;

import dev.facet.bootstrap.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A process of its own that decodes the files named and prints what came of each, and by how many
 * KiB the peak of its memory grew meanwhile.
 */
final class HostileImages {
  private HostileImages() {}

  public static void main(String[] files) throws Exception {
    Decoder decoder =
        new Decoder(
            Settings.load(DecoderSettings.class),
            Settings.load(ImageLimits.class),
            new SimpleMeterRegistry());
    for (String extension : new String[] {".jpg", ".png", ".webp"}) {
      outcome(decoder, Scene.of(64, 48).encoded(extension));
    }
    for (String file : files) {
      byte[] image = Files.readAllBytes(Path.of(file));
      long before = PeakMemory.kib();
      String outcome = outcome(decoder, image);
      System.out.println(
          "%s %s %d".formatted(Path.of(file).getFileName(), outcome, PeakMemory.kib() - before));
    }
  }

  private static String outcome(Decoder decoder, byte[] image) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    try (Picture picture = decoder.decode(image, decoder.inspect(image), 1, deadline)) {
      return picture.width() + "x" + picture.height();
    } catch (InvalidImageException e) {
      return e.fault().name();
    }
  }
}
