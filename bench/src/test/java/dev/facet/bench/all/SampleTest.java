package dev.facet.bench.all;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SampleTest {

  @Test
  void theMedianIsTheMiddleOrTheMeanOfTheTwoThere() {
    assertThat(Sample.of(5, 1, 9).median()).isEqualTo(5);
    assertThat(Sample.of(9, 1, 5, 6).median()).isEqualTo(5.5);
    assertThat(Sample.of(4).median()).isEqualTo(4);
  }

  @Test
  void leastAndMost() {
    assertThat(Sample.of(5, 1, 9).least()).isEqualTo(1);
    assertThat(Sample.of(5, 1, 9).most()).isEqualTo(9);
  }

  @Test
  void nothingIsNoSample() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Sample(List.of()));
  }
}
