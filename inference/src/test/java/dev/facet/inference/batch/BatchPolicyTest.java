package dev.facet.inference.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchPolicyTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void defaultsStartAtOnce() {
    assertThat(BatchPolicy.of(8, 2))
        .isEqualTo(new BatchPolicy(8, Duration.ZERO, 256, 2, SECOND, Duration.ofSeconds(10)));
    assertThat(BatchPolicy.of(128, 1).maxQueue()).isEqualTo(512);
  }

  @Test
  void bucketsDoubleUpToTheLargestBatch() {
    assertThat(BatchPolicy.of(1, 1).buckets()).containsExactly(1);
    assertThat(BatchPolicy.of(8, 1).buckets()).containsExactly(1, 2, 4, 8);
    assertThat(BatchPolicy.of(12, 1).buckets()).containsExactly(1, 2, 4, 8, 12);
  }

  @Test
  void bucketIsTheSmallestThatHoldsTheItems() {
    BatchPolicy policy = BatchPolicy.of(12, 1);
    assertThat(policy.bucket(1)).isEqualTo(1);
    assertThat(policy.bucket(3)).isEqualTo(4);
    assertThat(policy.bucket(9)).isEqualTo(12);
    assertThatThrownBy(() -> policy.bucket(13)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> policy.bucket(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void wrongValueIsRefusedByName() {
    assertRefused("maxBatch", 0, Duration.ZERO, 8, 1, SECOND, SECOND);
    assertRefused("maxDelay", 8, Duration.ofMillis(-1), 8, 1, SECOND, SECOND);
    assertRefused("maxQueue", 8, Duration.ZERO, 7, 1, SECOND, SECOND);
    assertRefused("runners", 8, Duration.ZERO, 8, 0, SECOND, SECOND);
    assertRefused("bulkPatience", 8, Duration.ZERO, 8, 1, SECOND.negated(), SECOND);
    assertRefused("drainTimeout", 8, Duration.ZERO, 8, 1, SECOND, SECOND.negated());
  }

  private static void assertRefused(
      String name,
      int maxBatch,
      Duration maxDelay,
      int maxQueue,
      int runners,
      Duration bulkPatience,
      Duration drainTimeout) {
    assertThatThrownBy(
            () ->
                new BatchPolicy(maxBatch, maxDelay, maxQueue, runners, bulkPatience, drainTimeout))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(name);
  }
}
