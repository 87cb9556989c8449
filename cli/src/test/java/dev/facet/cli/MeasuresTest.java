package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.facet.cli.Verification.Judged;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The arithmetic of the evaluations, on cases small enough to be done by hand. */
class MeasuresTest {

  private static Judged same(double squaredDistance) {
    return new Judged(true, OptionalDouble.of(squaredDistance));
  }

  private static Judged two(double squaredDistance) {
    return new Judged(false, OptionalDouble.of(squaredDistance));
  }

  private static Judged faceless(boolean samePerson) {
    return new Judged(samePerson, OptionalDouble.empty());
  }

  @Test
  void theBestThresholdLiesBetweenTheTwoKinds() {
    Verification pairs = new Verification(List.of(same(0.4), same(0.8), two(1.2), two(1.9)));

    assertThat(pairs.bestThreshold()).isEqualTo(1.0);
    assertThat(pairs.accuracy(1.0)).isEqualTo(1);
    assertThat(pairs.accuracy(0.5)).isEqualTo(0.75);
  }

  @Test
  void theBestThresholdAcceptsAnErrorToAvoidTwo() {
    // Right are below 1.0: 3 + 2, below 1.45: 4 + 1.
    Verification pairs =
        new Verification(
            List.of(same(0.4), same(0.6), same(0.9), same(1.4), two(1.1), two(1.5), two(1.8)));

    assertThat(pairs.accuracy(pairs.bestThreshold())).isCloseTo(6 / 7.0, within(1e-12));
  }

  @Test
  void aFaceThatWasNotFoundIsAlwaysWrong() {
    Verification pairs =
        new Verification(List.of(same(0.4), faceless(true), two(1.2), faceless(false)));

    assertThat(pairs.accuracy(pairs.bestThreshold())).isEqualTo(0.5);
    assertThat(pairs.accuracy(4)).isEqualTo(0.25);
  }

  @Test
  void atAFalseAcceptRateOneInAHundredMayBeAccepted() {
    List<Judged> pairs = new ArrayList<>();
    IntStream.range(0, 200).forEach(i -> pairs.add(two(1 + i / 1000.0)));
    pairs.addAll(List.of(same(0.5), same(1.0015), same(1.002), same(1.5)));

    // Two of 200 may pass: those at 1.000 and 1.001.
    Verification.OperatingPoint point = new Verification(pairs).at(0.01);

    assertThat(point.far()).isEqualTo(0.01);
    assertThat(point.tar()).isEqualTo(0.5);
    assertThat(point.threshold()).isBetween(1.001, 1.002);
  }

  @Test
  void facesNotFoundUseUpTheFalseAcceptsAllowed() {
    List<Judged> pairs = new ArrayList<>();
    IntStream.range(0, 198).forEach(i -> pairs.add(two(1 + i / 1000.0)));
    pairs.addAll(List.of(faceless(false), faceless(false), same(0.5), same(1.0), faceless(true)));

    Verification.OperatingPoint point = new Verification(pairs).at(0.01);

    assertThat(point.far()).isEqualTo(0.01);
    assertThat(point.tar()).isCloseTo(1 / 3.0, within(1e-12));
  }

  @Test
  void equalDistancesAreAcceptedTogetherOrNotAtAll() {
    List<Judged> pairs = new ArrayList<>();
    IntStream.range(0, 100).forEach(i -> pairs.add(two(1)));
    pairs.addAll(List.of(same(0.9), same(1)));

    assertThat(new Verification(pairs).at(0.01).tar()).isEqualTo(0.5);
  }

  @Test
  void theSpreadIsThatOfASample() {
    Spread spread = Spread.of(List.of(2.0, 4.0, 9.0));

    assertThat(spread.mean()).isEqualTo(5);
    assertThat(spread.min()).isEqualTo(2);
    assertThat(spread.max()).isEqualTo(9);
    assertThat(spread.sd()).isCloseTo(Math.sqrt(13), within(1e-12));
    assertThat(Spread.of(List.of(3.0)).sd()).isZero();
  }

  @Test
  void seedsAreRangesAndLists() {
    assertThat(Seeds.parse("1-3,8").values()).containsExactly(1L, 2L, 3L, 8L);
    assertThatThrownBy(() -> Seeds.parse("3-1")).hasMessageContaining("3-1");
    assertThatThrownBy(() -> Seeds.parse("one")).hasMessageContaining("one");
  }

  @Test
  void pairsAreReadInBothForms() {
    PairList list = PairList.parse(List.of("1", "Ada\t1\t4", "Ada\t2\tBob\t10", ""), "pairs.txt");

    assertThat(list.pairs())
        .containsExactly(
            new PairList.Pair(Path.of("Ada/Ada_0001.jpg"), Path.of("Ada/Ada_0004.jpg"), true),
            new PairList.Pair(Path.of("Ada/Ada_0002.jpg"), Path.of("Bob/Bob_0010.jpg"), false));
  }

  @Test
  void aPairsFileThatIsNotOneIsRefusedByLine() {
    assertThatThrownBy(() -> PairList.parse(List.of("1", "Ada 1"), "pairs.txt"))
        .hasMessage("pairs.txt line 2 has 2 columns instead of 3 or 4");
    assertThatThrownBy(() -> PairList.parse(List.of("1", "Ada x 2"), "pairs.txt"))
        .hasMessage("pairs.txt line 2: 'x' is not a number");
    assertThatThrownBy(() -> PairList.parse(List.of("2", "Ada 1 2", "Ada 1 Bob 2"), "pairs.txt"))
        .hasMessageContaining("promises 2 pairs of each kind");
    assertThatThrownBy(() -> PairList.parse(List.of(), "pairs.txt"))
        .hasMessageContaining("pairs.txt");
  }
}
