package dev.facet.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

  private static final Lateness.Summary PUNCTUAL =
      new Lateness.Summary(0.05, 0.4, 6, 0.002, 0, 1000);
  private static final CpuUse IDLE = new CpuUse(2, 0.3, 0.5, 0.0, 3);

  @Test
  void aGeneratorThatKeptToItsPlanIsBelieved() {
    assertThat(Verdict.of(1000, 1, 1, PUNCTUAL, IDLE).problems()).isEmpty();
    assertThat(Verdict.of(1009, 1, 1, PUNCTUAL, IDLE).valid()).as("within a hundredth").isTrue();
    assertThat(Verdict.of(0, 1, 1, PUNCTUAL, IDLE).valid())
        .as("a closed loop plans nothing")
        .isTrue();
  }

  @Test
  void oneSendInAHundredMayNotBeLater() {
    Lateness.Summary late = new Lateness.Summary(0.05, 1, 6, 0.01, 0, 1000);

    assertThat(Verdict.of(1000, 1, 1, late, IDLE).problems())
        .singleElement()
        .asString()
        .startsWith("the generator was late: one send in a hundred by 1.00 ms");
    assertThat(Verdict.of(1000, 1, 2, late, IDLE).valid()).isTrue();
  }

  @Test
  void callsThatDidNotLeaveInTimeMakeItInvalid() {
    assertThat(Verdict.of(1100, 1, 1, PUNCTUAL, IDLE).problems())
        .containsExactly(
            "the generator was late: it sent 1,000 calls in time where 1,100 were due");
  }

  @Test
  void processorsThatAreUsedUpOrStolenMakeItInvalid() {
    CpuUse busy = new CpuUse(2, 1.9, 1.0, 0.0, 3);
    CpuUse robbed = new CpuUse(2, 0.3, 0.5, 0.12, 3);
    CpuUse unknown = new CpuUse(2, 0.3, null, null, 3);

    assertThat(Verdict.of(1000, 1, 1, PUNCTUAL, busy).problems())
        .containsExactly("the generator was short of CPU: it took 1.90 of 2 processors");
    assertThat(Verdict.of(1000, 1, 1, PUNCTUAL, robbed).problems())
        .containsExactly(
            "the generator was short of CPU: 12 % of the machine's time went to other machines");
    assertThat(Verdict.of(1000, 1, 1, PUNCTUAL, unknown).valid()).isTrue();
  }

  @Test
  void theMachinesTimeIsReadFromItsCounters() {
    CpuUse.Counters before = new CpuUse.Counters(0, 0, 10, List.of(0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
    CpuUse.Counters after =
        new CpuUse.Counters(
            2_000_000_000L, 500_000_000L, 25, List.of(60L, 0L, 20L, 90L, 10L, 0L, 0L, 20L));

    CpuUse use = CpuUse.between(before, after);

    assertThat(use.generatorProcessors()).isEqualTo(0.25);
    assertThat(use.machineBusy()).isEqualTo(0.4);
    assertThat(use.stolen()).isEqualTo(0.1);
    assertThat(use.collectionMs()).isEqualTo(15);
  }

  @Test
  void withoutCountersNothingIsSaidOfTheMachine() {
    CpuUse use =
        CpuUse.between(
            new CpuUse.Counters(0, 0, 0, List.of()), new CpuUse.Counters(1, 0, 0, List.of()));

    assertThat(use.machineBusy()).isNull();
    assertThat(use.stolen()).isNull();
  }
}
