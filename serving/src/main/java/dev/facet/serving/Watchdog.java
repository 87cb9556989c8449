package dev.facet.serving;

import dev.facet.bootstrap.ServiceHost;
import dev.facet.inference.batch.Batcher;
import dev.facet.inference.batch.DeviceException;
import dev.facet.inference.batch.RunUnderWay;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a process whose models cannot run any more: because what they run on is lost, or because a
 * run is stuck. A run that takes too long makes the service unready first, and ready again if it
 * ends after all.
 *
 * <p>It looks twice a second, and counts no more than a second between two looks: a process that
 * was stopped, or a machine that slept, has no stuck runs when it wakes.
 */
public final class Watchdog implements AutoCloseable {

  /** Exit code of a process whose device is lost. */
  public static final int DEVICE_LOST = 70;

  /** Exit code of a process with a run that is stuck. */
  public static final int RUN_STUCK = 71;

  private static final Logger log = LoggerFactory.getLogger(Watchdog.class);

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final long LONGEST_LOOK = 2 * PAUSE.toNanos();

  private final WatchdogSettings settings;
  private final Supplier<List<Batcher<?, ?>>> batchers;
  private final Alarm alarm;
  private final LongUnaryOperator cpuNanos;
  private final CountDownLatch closed = new CountDownLatch(1);

  // Of the watchdog's thread alone, but for the gauge.
  private Map<RunUnderWay, RunAge> ages = Map.of();
  private boolean suspended;
  private volatile long oldestNanos;

  /** What becomes of the process. */
  interface Alarm {

    /** It is not ready for now. */
    void suspend();

    /** It is ready again. */
    void resume();

    /** It ends. */
    void fail(int exitCode);
  }

  /**
   * @param cpuNanos of a thread, by its id; negative if it is not known
   */
  Watchdog(
      WatchdogSettings settings,
      Supplier<List<Batcher<?, ?>>> batchers,
      Alarm alarm,
      LongUnaryOperator cpuNanos) {
    this.settings = settings;
    this.batchers = batchers;
    this.alarm = alarm;
    this.cpuNanos = cpuNanos;
  }

  /**
   * Begins to watch.
   *
   * @param batchers those of the models that are open when it is asked
   * @param host of this process
   */
  public static Watchdog start(
      WatchdogSettings settings, Supplier<List<Batcher<?, ?>>> batchers, ServiceHost host) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Watchdog watchdog = new Watchdog(settings, batchers, alarm(host), threads::getThreadCpuTime);
    watchdog.measure(host.meters());
    Thread.ofPlatform().daemon().name("watchdog").start(watchdog::watch);
    return watchdog;
  }

  private void measure(MeterRegistry meters) {
    Gauge.builder("facet.watchdog.oldest.run", () -> oldestNanos / 1e9)
        .description("Time in the oldest run under way, waiting for a processor not counted")
        .baseUnit("seconds")
        .register(meters);
  }

  private static Alarm alarm(ServiceHost host) {
    return new Alarm() {
      @Override
      public void suspend() {
        host.suspend();
      }

      @Override
      public void resume() {
        host.resume();
      }

      @Override
      public void fail(int exitCode) {
        host.fail(exitCode);
      }
    };
  }

  private void watch() {
    long last = System.nanoTime();
    try {
      while (!closed.await(PAUSE.toNanos(), TimeUnit.NANOSECONDS)) {
        long now = System.nanoTime();
        look(Math.min(now - last, LONGEST_LOOK));
        last = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks once, so long after the last time. */
  void look(long elapsedNanos) {
    Map<RunUnderWay, RunAge> seen = new HashMap<>();
    String oldest = "";
    oldestNanos = 0;
    for (Batcher<?, ?> batcher : batchers.get()) {
      Optional<DeviceException> loss = batcher.loss();
      if (loss.isPresent()) {
        log.error("{}: the device is lost; the process ends", batcher.name(), loss.get());
        alarm.fail(DEVICE_LOST);
        return;
      }
      for (RunUnderWay run : batcher.underWay()) {
        long cpu = cpuNanos.applyAsLong(run.runner().threadId());
        RunAge age = ages.get(run);
        seen.put(run, age == null ? new RunAge(cpu) : age);
        long nanos = age == null ? 0 : age.advance(elapsedNanos, cpu);
        if (nanos > oldestNanos) {
          oldestNanos = nanos;
          oldest = "%d items on %s".formatted(run.items(), run.runner().getName());
        }
      }
    }
    ages = seen;
    judge(oldest);
  }

  private void judge(String oldest) {
    boolean tooLong = exceeds(settings.suspend());
    if (tooLong && !suspended) {
      alarm.suspend();
      log.error("A run takes too long: {}; not ready until it ends\n{}", oldest, threads());
    } else if (!tooLong && suspended) {
      log.warn("The run that took too long has ended");
      alarm.resume();
    }
    suspended = tooLong;
    if (exceeds(settings.halt())) {
      log.error("A run is stuck: {}; the process ends\n{}", oldest, threads());
      alarm.fail(RUN_STUCK);
    }
  }

  private boolean exceeds(Duration limit) {
    return !limit.isZero() && oldestNanos >= limit.toNanos();
  }

  /** Every platform thread with its state and stack. */
  private static String threads() {
    StringBuilder text = new StringBuilder();
    Thread.getAllStackTraces()
        .forEach(
            (thread, stack) -> {
              text.append("%n\"%s\" %s%n".formatted(thread.getName(), thread.getState()));
              for (StackTraceElement frame : stack) {
                text.append("    at ").append(frame).append(System.lineSeparator());
              }
            });
    return text.toString();
  }

  /** Watches no more. */
  @Override
  public void close() {
    closed.countDown();
  }
}
