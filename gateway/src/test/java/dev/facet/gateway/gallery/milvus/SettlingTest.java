package dev.facet.gateway.gallery.milvus;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long settling rests. */
class SettlingTest {
  @Test
  void restsLongerAfterEachFailureAndNeverLongerThanHalfAMinute() {
    assertThat(Settling.pause(0)).isEqualTo(Duration.ofSeconds(2));
    assertThat(Settling.pause(1)).isEqualTo(Duration.ofSeconds(4));
    assertThat(Settling.pause(3)).isEqualTo(Duration.ofSeconds(16));
    assertThat(Settling.pause(4)).isEqualTo(Duration.ofSeconds(30));
    assertThat(Settling.pause(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(30));
  }
}
