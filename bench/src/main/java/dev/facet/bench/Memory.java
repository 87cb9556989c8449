package dev.facet.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a process holds.
 *
 * @param heap bytes of live objects, after a full collection
 * @param outside bytes that are in the machine's memory for the process, without the heap: mapped
 *     files as far as they were read, what was allocated outside the heap, and the JVM itself;
 *     right where the heap was touched when the process began, as {@code facet bench} has it; null
 *     where the system does not say
 */
public record Memory(long heap, @Nullable Long outside) {

  private static final int ROUNDS = 5;

  /** Of this process, now: after what nobody uses has gone, mapped files among it. */
  static Memory now() {
    Memory least = collected();
    for (int round = 0; round < ROUNDS; round++) {
      // Memory outside the heap is freed by a thread that the collection wakes.
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      Memory now = collected();
      least = now.bytes() < least.bytes() ? now : least;
    }
    return least;
  }

  private static Memory collected() {
    System.gc();
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    Long resident = resident("self");
    return new Memory(heap.getUsed(), resident == null ? null : resident - heap.getCommitted());
  }

  private long bytes() {
    return heap + (outside == null ? 0 : outside);
  }

  /**
   * Bytes of a process in the machine's memory; null where the system does not say.
   *
   * @param process its number
   */
  static @Nullable Long resident(String process) {
    return status(process, "VmRSS:");
  }

  /** The most that it ever had. */
  public static @Nullable Long peak(String process) {
    return status(process, "VmHWM:");
  }

  private static @Nullable Long status(String process, String field) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", process, "status"))) {
        if (line.startsWith(field)) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
      return null;
    } catch (IOException e) {
      return null;
    }
  }
}
