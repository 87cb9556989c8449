package dev.facet.detector.image;

import dev.facet.bootstrap.Require;
import dev.facet.bootstrap.Setting;
import java.time.Duration;

/** What decoding may cost. */
public record DecoderSettings(
    @Setting(value = "0", doc = "Pictures decoded at once; 0 is the number of processors")
        int parallel,
    @Setting(
            value = "1073741824",
            unit = "bytes",
            doc = "Native memory of all pictures being decoded or worked on; more of them wait")
        long memoryBytes,
    @Setting(
            value = "5ms",
            doc = "A call with less time left is refused before its picture is decoded")
        Duration leastTime) {

  private static final long LEAST_MEMORY_BYTES = 1 << 20;

  public DecoderSettings {
    Require.between("parallel", parallel, 0, 1024);
    Require.between("memory-bytes", memoryBytes, LEAST_MEMORY_BYTES, 1L << 40);
    Require.notNegative("least-time", leastTime);
  }

  int permits() {
    return parallel == 0 ? Runtime.getRuntime().availableProcessors() : parallel;
  }
}
