package dev.facet.gateway;

import dev.facet.gateway.archive.OrphanSweep;
import dev.facet.gateway.archive.Purge;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes, on a thread of its own, the bytes of what was deleted and pictures nobody refers to. */
final class Housekeeping implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("housekeeping").factory());

  Housekeeping(Purge purge, Duration purgeEvery, OrphanSweep orphans, Duration sweepEvery) {
    every(purgeEvery, "purged {} deleted faces and collections", purge::purge);
    every(sweepEvery, "swept {} pictures without a face", orphans::sweep);
  }

  private void every(Duration interval, String told, IntSupplier work) {
    long nanos = interval.toNanos();
    var _ =
        thread.scheduleWithFixedDelay(() -> tidy(told, work), nanos, nanos, TimeUnit.NANOSECONDS);
  }

  private static void tidy(String told, IntSupplier work) {
    try {
      int removed = work.getAsInt();
      if (removed > 0) {
        log.info(told, removed);
      }
    } catch (RuntimeException | Error e) { // what is thrown from here is never run again
      log.warn("Housekeeping failed and will be tried again", e);
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
