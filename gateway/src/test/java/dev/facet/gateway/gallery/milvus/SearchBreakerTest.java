package dev.facet.gateway.gallery.milvus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.gateway.gallery.GalleryException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** V12, V19: when a breaker opens and closes, by a clock of the test. */
class SearchBreakerTest {
  private static final MilvusSettings.Calls CALLS =
      MilvusSettings.of("http://127.0.0.1:1").calls(); // rests 2 s

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000); // about to turn over
  private final SearchBreaker breaker = new SearchBreaker(CALLS, nanos::get);
  private int searches;

  private void fail() {
    assertThatThrownBy(
            () ->
                breaker.guard(
                    () -> {
                      searches++;
                      throw new GalleryException("dead");
                    }))
        .isInstanceOf(GalleryException.class);
  }

  private int succeed() {
    return breaker.guard(() -> ++searches);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void opensForAsLongAsItIsToldAndLetsTwoTryWhateverTheTimeOfDay() {
    for (int i = 0; i < 3; i++) {
      fail();
    }
    assertThat(breaker.isClosed()).isFalse();
    pass(CALLS.rest().minusMillis(1));
    fail();
    assertThat(searches).isEqualTo(3);
    pass(Duration.ofMillis(2));
    assertThat(succeed()).isEqualTo(4);
    assertThat(succeed()).isEqualTo(5);
    assertThat(breaker.isClosed()).isTrue();
  }

  @Test
  void opensAgainWhenTheyFail() {
    for (int i = 0; i < 3; i++) {
      fail();
    }
    pass(CALLS.rest().plusMillis(1));
    fail();
    fail();
    assertThat(searches).isEqualTo(5);
    fail();
    assertThat(searches).isEqualTo(5);
  }

  @Test
  void uptimeGoesAsTheNanosecondsDoAndBeginsIn1970() {
    Uptime uptime = new Uptime(nanos::get);
    assertThat(uptime.instant()).isEqualTo(Instant.EPOCH);
    pass(Duration.ofDays(1));
    assertThat(uptime.instant()).isEqualTo(Instant.EPOCH.plus(Duration.ofDays(1)));
  }
}
