package dev.facet.bench.load;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the generator and the machine did during the measured time.
 *
 * @param processors of the machine that the generator may use
 * @param generatorProcessors processors that the generator kept busy
 * @param machineBusy share of all processors' time that somebody used; null where the system does
 *     not say
 * @param stolen share of all processors' time that the host gave to other machines; likewise
 * @param collectionMs time of the generator's garbage collections
 */
record CpuUse(
    int processors,
    double generatorProcessors,
    @Nullable Double machineBusy,
    @Nullable Double stolen,
    long collectionMs) {

  /** Fields of the first line of /proc/stat: user nice system idle iowait irq softirq steal. */
  private static final int IDLE = 3;

  private static final int IOWAIT = 4;
  private static final int STEAL = 7;

  /**
   * Counters at one moment.
   *
   * @param machine ticks of all processors by what they did; empty where the system does not say
   */
  record Counters(long nanoTime, long processNanos, long collectionMs, List<Long> machine) {

    static Counters now() {
      return new Counters(
          System.nanoTime(),
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime(),
          ManagementFactory.getGarbageCollectorMXBeans().stream()
              .mapToLong(GarbageCollectorMXBean::getCollectionTime)
              .sum(),
          ticks());
    }

    private static List<Long> ticks() {
      try {
        String all = Files.readAllLines(Path.of("/proc/stat")).getFirst();
        return Arrays.stream(all.substring("cpu".length()).strip().split(" "))
            .limit(STEAL + 1)
            .map(Long::valueOf)
            .toList();
      } catch (IOException e) {
        return List.of();
      }
    }
  }

  static CpuUse between(Counters before, Counters after) {
    double nanos = Math.max(1, after.nanoTime - before.nanoTime);
    long all = ticks(before, after, 0, STEAL + 1);
    long idle = ticks(before, after, IDLE, IOWAIT + 1);
    long steal = ticks(before, after, STEAL, STEAL + 1);
    return new CpuUse(
        Runtime.getRuntime().availableProcessors(),
        (after.processNanos - before.processNanos) / nanos,
        all <= 0 ? null : (double) (all - idle - steal) / all,
        all <= 0 ? null : (double) steal / all,
        after.collectionMs - before.collectionMs);
  }

  private static long ticks(Counters before, Counters after, int from, int to) {
    long sum = 0;
    for (int i = from; i < Math.min(to, after.machine.size()); i++) {
      sum += after.machine.get(i) - before.machine.get(i);
    }
    return sum;
  }
}
