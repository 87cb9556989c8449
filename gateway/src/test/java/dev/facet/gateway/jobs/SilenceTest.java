package dev.facet.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When a job counts as abandoned. */
class SilenceTest {
  private final Silence silence = new Silence(Duration.ofSeconds(30));

  private Map<String, Long> at(long seconds, Map<String, Long> heartbeats) {
    // The nanoseconds turn over on the way.
    return silence.of(heartbeats, Long.MAX_VALUE - 1_000 + Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void jobIsSilentWhenItsHeartStoodStillForAsLong() {
    assertThat(at(0, Map.of("a", 7L))).isEmpty();
    assertThat(at(29, Map.of("a", 7L))).isEmpty();
    assertThat(at(30, Map.of("a", 7L))).isEqualTo(Map.of("a", 7L));
    assertThat(at(40, Map.of("a", 7L))).isEqualTo(Map.of("a", 7L));
  }

  @Test
  void beatBeginsTheTimeAnew() {
    assertThat(at(0, Map.of("a", 7L, "b", 7L))).isEmpty();
    assertThat(at(20, Map.of("a", 8L, "b", 7L))).isEmpty();
    assertThat(at(30, Map.of("a", 8L, "b", 7L))).isEqualTo(Map.of("b", 7L));
    assertThat(at(50, Map.of("a", 8L))).isEqualTo(Map.of("a", 8L));
  }

  @Test
  void jobThatIsHeardOfForTheFirstTimeHasAllItsTime() {
    assertThat(at(0, Map.of())).isEmpty();
    assertThat(at(100, Map.of("a", 7L))).isEmpty();
    assertThat(at(120, Map.of("a", 7L))).isEmpty();
    assertThat(at(130, Map.of("a", 7L))).containsKey("a");
  }
}
