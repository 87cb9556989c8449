package dev.facet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.facet.gateway.ledger.UnitVector;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LoadTest {

  @Test
  void percentilesAreOfAllClientsAndRatesOfTheWallClock() {
    Histogram quick = new Histogram(3);
    Histogram slow = new Histogram(3);
    IntStream.rangeClosed(1, 50).forEach(millis -> quick.recordValue(millis * 1_000_000L));
    IntStream.rangeClosed(51, 100).forEach(millis -> slow.recordValue(millis * 1_000_000L));

    Load load = Load.of(List.of(quick, slow), 2_000_000_000L);

    assertThat(load.p50Ms()).isCloseTo(50, within(0.1));
    assertThat(load.p99Ms()).isCloseTo(99, within(0.1));
    assertThat(load.queriesPerSecond()).isEqualTo(50);
  }

  @Test
  void everyClientAsksEveryQueryAtLeastOnce() {
    List<UnitVector> queries =
        List.of(UnitVector.of(1, 0, 0), UnitVector.of(0, 1, 0), UnitVector.of(0, 0, 1));
    ConcurrentLinkedQueue<UnitVector> asked = new ConcurrentLinkedQueue<>();

    Load.of(
        (query, limit) -> {
          asked.add(query);
          return new int[limit];
        },
        queries,
        10,
        2,
        Duration.ZERO);

    assertThat(asked).hasSize(6).containsAll(queries);
  }
}
