package dev.facet.gateway.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NearestTest {
  @Test
  void boundTightensOnceTheLimitIsReached() {
    Nearest nearest = new Nearest(2, Float.POSITIVE_INFINITY);
    nearest.offer(0, 3);
    assertThat(nearest.bound()).isInfinite();
    nearest.offer(1, 1);
    assertThat(nearest.bound()).isEqualTo(3);
    nearest.offer(2, 2);
    assertThat(nearest.bound()).isEqualTo(2);
    assertThat(nearest.hits(slot -> new Hit(slot, slot)))
        .containsExactly(new Hit(1, 1), new Hit(2, 2));
  }

  @Test
  void exactDistanceDecidesAtTheBound() {
    Nearest nearest = new Nearest(9, 1);
    assertThat(nearest.bound()).isGreaterThan(1);
    nearest.offer(0, 1.00001f);
    nearest.offer(1, 0.99999f);
    assertThat(nearest.hits(slot -> new Hit(slot, slot == 0 ? 1 : 1.0000001f)))
        .containsExactly(new Hit(0, 1));
  }
}
