package dev.facet.gateway.gallery.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.gateway.gallery.Hit;
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
    assertThat(Nearest.first(nearest.hits(slot -> new Hit(slot, slot)), 9))
        .containsExactly(new Hit(1, 1), new Hit(2, 2));
  }

  @Test
  void exactDistanceDecidesAtTheBound() {
    Nearest nearest = new Nearest(9, 1);
    assertThat(nearest.bound()).isGreaterThan(1);
    nearest.offer(0, 1.00001f);
    nearest.offer(1, 0.99999f);
    assertThat(Nearest.first(nearest.hits(slot -> new Hit(slot, slot == 0 ? 1 : 1.0000001f)), 9))
        .containsExactly(new Hit(0, 1));
  }
}
