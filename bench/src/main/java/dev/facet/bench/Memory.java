package dev.facet.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a process holds.
 *
 * @param heap bytes of live objects, after a full collection
 * @param resident bytes in the machine's memory, mapped files among them; null where the system
 *     does not say
 */
record Memory(long heap, @Nullable Long resident) {

  private static final Path STATUS = Path.of("/proc/self/status");

  /** Of this process, now. */
  static Memory now() {
    // The first collection only queues what holds memory outside the heap.
    System.gc();
    System.gc();
    return new Memory(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), ofSystem());
  }

  private static @Nullable Long ofSystem() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
      return null;
    } catch (IOException e) {
      return null;
    }
  }
}
