package dev.facet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.gateway.access.KeySecret;
import dev.facet.proto.v1.DetectRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * G23: a tenant that floods, and one that calls a few times a second, before a detector that does
 * four photos at a time and makes the others queue.
 */
class FairnessTest {
  private static final int AT_ONCE = 4;
  private static final Duration WORK = Duration.ofMillis(100);
  private static final int FLOOD = 48;
  private static final int CALLS = 40;
  private static final Duration EVERY = Duration.ofMillis(100);

  @TempDir Path folder;

  @Test
  void theOtherTenantsFloodIsNotFelt() throws Exception {
    Latencies latencies = measure(AT_ONCE);
    System.out.println("G23 " + latencies);
    assertThat(latencies.floodCalls).isGreaterThan(CALLS); // it was one
    assertThat(latencies.flooded).isLessThan(2 * latencies.idle);
  }

  /** The same without turns, to show that the test can fail. */
  @Test
  void withoutTurnsItWouldBe() throws Exception {
    Latencies latencies = measure(100_000);
    System.out.println("G23, without turns: " + latencies);
    assertThat(latencies.flooded).isGreaterThan(2 * latencies.idle);
  }

  /** 99th percentiles of the other's calls, in milliseconds, all of which succeeded. */
  private record Latencies(double idle, double flooded, int floodCalls) {}

  private Latencies measure(int places) throws Exception {
    Semaphore detector = new Semaphore(AT_ONCE, /* fair= */ true);
    String first = KeySecret.fresh().reveal();
    Path keyFile = Files.writeString(folder.resolve("admin.key"), first);
    try (FakeServices services = new FakeServices();
        TestGateway gateway =
            TestGateway.ready(
                folder.resolve("data"),
                services,
                "access.mode=keys",
                "access.initial-key-file=" + keyFile,
                "access.calls-in-flight=" + places);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      KeyHolder operator = KeyHolder.of(gateway.channel(), first);
      KeyHolder loud = operator.tenant("loud");
      KeyHolder quiet = operator.tenant("quiet");
      services.detector().work = () -> work(detector);
      detect(quiet); // the first call is slower

      double idle = percentile(threads, quiet);
      AtomicBoolean over = new AtomicBoolean();
      AtomicInteger floodCalls = new AtomicInteger();
      List<Future<?>> flood = new ArrayList<>();
      for (int i = 0; i < FLOOD; i++) {
        flood.add(
            threads.submit(
                () -> {
                  while (!over.get()) {
                    detect(loud);
                    floodCalls.incrementAndGet();
                  }
                }));
      }
      TimeUnit.MILLISECONDS.sleep(500);
      double flooded = percentile(threads, quiet);
      over.set(true);
      for (Future<?> one : flood) {
        one.get();
      }
      return new Latencies(idle, flooded, floodCalls.get());
    }
  }

  private static void work(Semaphore detector) {
    detector.acquireUninterruptibly();
    try {
      TimeUnit.NANOSECONDS.sleep(WORK.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      detector.release();
    }
  }

  /** An open loop: a call that takes long does not put off the next. */
  private static double percentile(ExecutorService threads, KeyHolder caller) throws Exception {
    List<Future<Double>> calls = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      calls.add(
          threads.submit(
              () -> {
                long start = System.nanoTime();
                detect(caller);
                return (System.nanoTime() - start) / 1e6;
              }));
      TimeUnit.NANOSECONDS.sleep(EVERY.toNanos());
    }
    List<Double> millis = new ArrayList<>();
    for (Future<Double> call : calls) {
      millis.add(call.get());
    }
    millis.sort(null);
    return millis.get((int) Math.ceil(0.99 * millis.size()) - 1);
  }

  private static void detect(KeyHolder caller) {
    assertThat(
            caller
                .faces()
                .detect(DetectRequest.newBuilder().setImage(Answers.image("anna")).build())
                .getFacesCount())
        .isEqualTo(1);
  }
}
