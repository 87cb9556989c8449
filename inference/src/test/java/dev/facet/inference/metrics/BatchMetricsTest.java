package dev.facet.inference.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.inference.batch.BatchModel;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.batch.Batcher;
import dev.facet.inference.batch.DeviceException;
import dev.facet.inference.batch.DeviceException.Fault;
import dev.facet.inference.batch.Priority;
import dev.facet.inference.batch.QueueFullException;
import dev.facet.inference.batch.Submission;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What operators see of a batcher's faults. */
@Timeout(60)
class BatchMetricsTest {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final BatchMetrics metrics = new BatchMetrics(meters, "m", "1");

  /** M03. */
  @Test
  void flawedOutputIsCountedByItsOutcome() throws Exception {
    BatchModel<Float, Float> flawed =
        new BatchModel<>() {
          @Override
          public List<Float> run(List<Float> items) {
            return items;
          }

          @Override
          public Optional<String> flaw(Float output) {
            return output.isNaN() ? Optional.of("not finite") : Optional.empty();
          }
        };
    try (Batcher<Float, Float> batcher = open(BatchPolicy.of(4, 1), flawed)) {
      submit(batcher, List.of(1f, Float.NaN, 2f)).await();
    }
    assertThat(items("succeeded")).isEqualTo(2);
    assertThat(items("model_failed")).isEqualTo(1);
    assertThat(meters.get("facet.batch.reruns").counter().count()).isZero();
  }

  /** M05. */
  @Test
  void shortageOfMemoryIsCountedAndTheLimitShown() throws Exception {
    BatchModel<Integer, Integer> narrow =
        items -> {
          if (items.size() > 2) {
            throw new DeviceException(Fault.OUT_OF_MEMORY, "no room", null);
          }
          return items;
        };
    try (Batcher<Integer, Integer> batcher = open(BatchPolicy.of(8, 1), narrow)) {
      metrics.watch(batcher);
      assertThat(meters.get("facet.batch.limit").gauge().value()).isEqualTo(8);
      submit(batcher, Collections.nCopies(8, 1)).await();
      submit(batcher, Collections.nCopies(8, 1)).await();
      assertThat(meters.get("facet.batch.limit").gauge().value()).isEqualTo(2);
    }
    assertThat(meters.get("facet.batch.shortages").counter().count()).isEqualTo(1);
    assertThat(items("succeeded")).isEqualTo(16);
    assertThat(meters.get("facet.batch.reruns").counter().count()).isEqualTo(1 + 4);
  }

  /** M08: of twelve that come while one runs, eight wait and four are refused, by their reason. */
  @Test
  void refusalsAreCountedByTheirReason() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    BatchModel<Integer, Integer> gated =
        items -> {
          started.countDown();
          go.await();
          return items;
        };
    BatchPolicy eight = new BatchPolicy(1, Duration.ZERO, 8, 1, Duration.ZERO, Duration.ofHours(1));
    try (Batcher<Integer, Integer> batcher = open(eight, gated)) {
      submit(batcher, List.of(0));
      started.await();
      for (int i = 0; i < 8; i++) {
        submit(batcher, List.of(i));
      }
      for (int i = 0; i < 4; i++) {
        assertThatThrownBy(() -> submit(batcher, List.of(1)))
            .isInstanceOf(QueueFullException.class);
      }
      go.countDown();
    }
    assertThat(
            meters
                .get("facet.batch.refused")
                .tags("model", "m", "version", "1", "reason", "too_many_items")
                .counter()
                .count())
        .isEqualTo(4);
    assertThat(items("succeeded")).isEqualTo(9);
  }

  private <T> Batcher<T, T> open(BatchPolicy policy, BatchModel<T, T> model) {
    return new Batcher<>("m", policy, model, metrics);
  }

  private static <T> Submission<T> submit(Batcher<T, T> batcher, List<T> items) {
    long deadline = System.nanoTime() + Duration.ofHours(1).toNanos();
    return batcher.submit(items, Priority.INTERACTIVE, deadline);
  }

  private double items(String outcome) {
    return meters.get("facet.batch.items").tags("outcome", outcome).counter().count();
  }
}
