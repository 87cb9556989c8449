package dev.facet.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateSearchTest {

  private final List<Long> tried = new ArrayList<>();

  private RateSearch searched(long first, long step, long most, long capacity) {
    RateSearch search = new RateSearch(first, step, most);
    for (OptionalLong rate = search.next(); rate.isPresent(); rate = search.next()) {
      tried.add(rate.getAsLong());
      assertThat(tried).as("tries").hasSizeLessThan(40);
      search.tried(rate.getAsLong() <= capacity);
    }
    return search;
  }

  @Test
  void doublesAndThenHalvesTheGap() {
    RateSearch search = searched(80, 10, 20_000, 437);

    assertThat(search.highest()).isEqualTo(430);
    assertThat(search.lowestFailed()).hasValue(440);
    assertThat(tried).containsExactly(80L, 160L, 320L, 640L, 480L, 400L, 440L, 420L, 430L);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 9, 10, 11, 99, 100, 101, 5_000, 9_999, 10_000})
  void findsTheCapacityWhereverItIs(long capacity) {
    assertThat(searched(64, 1, 10_000, capacity).highest()).isEqualTo(capacity);
    assertThat(tried).doesNotHaveDuplicates();
  }

  @Test
  void nothingHoldsWhereNothingDoes() {
    RateSearch search = searched(100, 10, 1_000, 5);

    assertThat(search.highest()).isZero();
    assertThat(search.lowestFailed()).hasValue(10);
  }

  @Test
  void itNeverTriesMoreThanIsAllowed() {
    RateSearch search = searched(100, 10, 1_005, 1_000_000);

    assertThat(search.highest()).isEqualTo(1_000);
    assertThat(search.lowestFailed()).isEmpty();
    assertThat(tried).allMatch(rate -> rate <= 1_005);
  }
}
