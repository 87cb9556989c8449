package dev.facet.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Where it was measured.
 *
 * @param cpu as the system calls it
 * @param flags those of the processor's instruction sets that searches profit from
 * @param simd whether the JDK's Vector API is there (Lucene and the scan use it)
 * @param load of the machine before it began, averaged over a minute; above 0 others work here too
 */
public record Machine(
    String cpu,
    int processors,
    List<String> flags,
    long maxHeapMib,
    String jdk,
    boolean simd,
    double load) {

  private static final List<String> TOLD =
      List.of("avx2", "fma", "avx512f", "avx512_vpopcntdq", "avx512_vnni", "asimd", "sve");

  /** This machine, now. */
  public static Machine here() {
    Runtime runtime = Runtime.getRuntime();
    List<String> flags = Arrays.asList(told("flags", told("Features", "")).split(" "));
    return new Machine(
        told("model name", System.getProperty("os.arch", "unknown")),
        runtime.availableProcessors(),
        TOLD.stream().filter(flags::contains).toList(),
        runtime.maxMemory() >> 20,
        System.getProperty("java.vm.vendor") + " " + Runtime.version(),
        ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  /** One line. */
  @Override
  public String toString() {
    return "%s, %d processors (%s), heap %,d MiB, JDK %s%s, load %.1f"
        .formatted(
            cpu,
            processors,
            String.join(" ", flags),
            maxHeapMib,
            jdk,
            simd ? " with the Vector API" : " without the Vector API",
            load);
  }

  private static String told(String name, String otherwise) {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(otherwise);
    } catch (IOException e) {
      return otherwise;
    }
  }
}
