package dev.facet.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.bootstrap.Settings;
import dev.facet.inference.batch.BatchListener;
import dev.facet.inference.batch.BatchModel;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.batch.Batcher;
import dev.facet.inference.batch.DeviceException;
import dev.facet.inference.batch.Priority;
import dev.facet.inference.batch.Submission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the watchdog makes of runs that do not end; looks and processor time are the test's. */
@Timeout(60)
class WatchdogTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Semaphore started = new Semaphore(0);
  private final Semaphore permitted = new Semaphore(0);
  private final List<String> alarms = new ArrayList<>();
  private final AtomicLong cpu = new AtomicLong();
  private final BatchModel<Integer, Integer> gated =
      items -> {
        started.release();
        permitted.acquire();
        return items;
      };
  private Batcher<Integer, Integer> batcher = open(gated);

  @AfterEach
  void close() {
    permitted.release(1_000);
    batcher.close();
  }

  /** M07. */
  @Test
  void stuckRunSuspendsTheServiceAndThenEndsIt() throws Exception {
    Watchdog watchdog = watchdog("watchdog.suspend=20s", "watchdog.halt=60s");
    submit();
    started.acquire();
    looks(watchdog, 20);
    assertThat(alarms).isEmpty();
    looks(watchdog, 1);
    assertThat(alarms).containsExactly("suspend");
    looks(watchdog, 39);
    assertThat(alarms).containsExactly("suspend");
    looks(watchdog, 1);
    assertThat(alarms).containsExactly("suspend", "fail 71");
  }

  @Test
  void runThatEndsAfterAllResumesTheService() throws Exception {
    Watchdog watchdog = watchdog();
    Submission<Integer> slow = submit();
    started.acquire();
    looks(watchdog, 30);
    permitted.release();
    slow.await();
    submit();
    started.acquire(); // the next run is another, and young
    looks(watchdog, 20);
    assertThat(alarms).containsExactly("suspend", "resume");
  }

  /** M18: ten minutes of the clock, two seconds of a processor. */
  @Test
  void starvedRunIsNotStuck() throws Exception {
    Watchdog watchdog = watchdog();
    submit();
    started.acquire();
    for (int i = 0; i < 600; i++) {
      cpu.addAndGet(SECOND / 300);
      watchdog.look(SECOND);
    }
    assertThat(alarms).isEmpty();
  }

  @Test
  void runThatGoesRoundInCirclesIsStuckToo() throws Exception {
    Watchdog watchdog = watchdog();
    submit();
    started.acquire();
    for (int i = 0; i < 61; i++) {
      cpu.addAndGet(SECOND);
      watchdog.look(SECOND);
    }
    assertThat(alarms).containsExactly("suspend", "fail 71");
  }

  @Test
  void zeroIsNever() throws Exception {
    Watchdog watchdog = watchdog("watchdog.suspend=0s", "watchdog.halt=0s");
    submit();
    started.acquire();
    looks(watchdog, 10_000);
    assertThat(alarms).isEmpty();
  }

  /** M06. */
  @Test
  void lostDeviceEndsTheServiceAtTheNextLook() throws Exception {
    batcher =
        open(
            items -> {
              throw new DeviceException(DeviceException.Fault.LOST, "gone", null);
            });
    Watchdog watchdog = watchdog();
    looks(watchdog, 1);
    assertThat(alarms).isEmpty();
    assertThatThrownBy(submit()::await).isNotNull();
    looks(watchdog, 1);
    assertThat(alarms).containsExactly("fail 70");
  }

  @Test
  void limitsMustBeInOrder() {
    assertThatThrownBy(() -> watchdog("watchdog.suspend=60s"))
        .hasMessageContaining("suspend must be shorter than halt");
  }

  private void looks(Watchdog watchdog, int times) {
    for (int i = 0; i < times; i++) {
      watchdog.look(SECOND);
    }
  }

  private record Knobs(WatchdogSettings watchdog) {}

  private Watchdog watchdog(String... settings) {
    return new Watchdog(
        Settings.load(Knobs.class, settings).watchdog(),
        () -> List.of(batcher),
        new Watchdog.Alarm() {
          @Override
          public void suspend() {
            alarms.add("suspend");
          }

          @Override
          public void resume() {
            alarms.add("resume");
          }

          @Override
          public void fail(int exitCode) {
            alarms.add("fail " + exitCode);
          }
        },
        thread -> cpu.get());
  }

  private static Batcher<Integer, Integer> open(BatchModel<Integer, Integer> model) {
    return new Batcher<>("m", BatchPolicy.of(1, 1), model, BatchListener.SILENT);
  }

  private Submission<Integer> submit() {
    long deadline = System.nanoTime() + Duration.ofHours(1).toNanos();
    return batcher.submit(List.of(1), Priority.INTERACTIVE, deadline);
  }
}
