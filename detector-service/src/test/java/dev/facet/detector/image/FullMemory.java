package dev.facet.detector.image;

import dev.facet.bootstrap.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.foreign.Arena;
import java.time.Duration;

/**
 * A process of its own that has as many MiB of native memory as its argument says, as the arenas of
 * ONNX Runtime take it, and then decodes a picture.
 */
final class FullMemory {
  private FullMemory() {}

  public static void main(String[] args) throws Exception {
    byte[] image = Scene.of(640, 480).encoded(".jpg");
    try (Arena arena = Arena.ofConfined()) {
      arena.allocate(Long.parseLong(args[0]) << 20).fill((byte) 1);
      Decoder decoder =
          new Decoder(
              Settings.load(DecoderSettings.class),
              Settings.load(ImageLimits.class),
              new SimpleMeterRegistry());
      long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
      try (Picture picture = decoder.decode(image, decoder.inspect(image), 1, deadline)) {
        System.out.println(picture.width() + "x" + picture.height());
      }
    }
  }
}
