package dev.facet.models.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BudgetTest {

  @Test
  void whatIsGivenBackCanBeTakenAgainAndThePeakIsKept() {
    Budget budget = new Budget(100);
    assertThat(budget.bytes(60, "first")).hasSize(60);
    budget.giveBack(60);

    assertThat(budget.floats(25, "second")).hasSize(25);
    assertThat(budget.peak()).isEqualTo(100);
    assertThatThrownBy(() -> budget.bytes(1, "third"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("third asks for 1 bytes of memory beside 100");
  }

  @Test
  void lengthsThatNoArrayHasAreRefusedBeforeTheyAreTaken() {
    Budget budget = new Budget(Long.MAX_VALUE);

    for (long length : new long[] {-1, Long.MIN_VALUE, 1L << 31, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> budget.bytes(length, "it")).isInstanceOf(CheckpointException.class);
      assertThatThrownBy(() -> budget.floats(length, "it")).isInstanceOf(CheckpointException.class);
    }
    assertThatThrownBy(() -> budget.take(-1, "it")).isInstanceOf(CheckpointException.class);
    assertThat(budget.peak()).isZero();
  }

  @Test
  void fileMayAskForSixteenTimesItsSizeAndTheLargestForTwice() {
    assertThatThrownBy(() -> Budget.ofFiles(1000).take((1 << 20) + 16_001, "it"))
        .hasMessageContaining("this file may have 1,064,576");
    assertThatThrownBy(() -> Budget.ofFiles(1L << 29).take((1L << 30) + (1 << 20) + 1, "it"))
        .isInstanceOf(CheckpointException.class);
  }
}
