package dev.facet.detector.image;

import dev.facet.bootstrap.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A process of its own in which so many callers as the first argument says have the picture in the
 * file that the second names decoded, all at once, and prints its peak memory in KiB before and
 * after.
 */
final class CrowdedDecoder {
  private CrowdedDecoder() {}

  public static void main(String[] args) throws Exception {
    Decoder decoder =
        new Decoder(
            Settings.load(DecoderSettings.class),
            Settings.load(ImageLimits.class),
            new SimpleMeterRegistry());
    byte[] image = Files.readAllBytes(Path.of(args[1]));
    long before = PeakMemory.kib();
    long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> decoded = new ArrayList<>();
      for (int i = 0; i < Integer.parseInt(args[0]); i++) {
        decoded.add(
            callers.submit(
                () -> {
                  try (Picture picture =
                      decoder.decode(image, decoder.inspect(image), 1, deadline)) {
                    Thread.sleep(50); // a search works on it, so that several are held at once
                    return picture.width();
                  }
                }));
      }
      for (Future<?> one : decoded) {
        one.get();
      }
    }
    System.out.println(before + " " + PeakMemory.kib());
  }
}
