package dev.facet.inference.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.inference.batch.DeviceException.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which items of a failing batch fail, and how many runs it takes to find out. */
class IsolationTest {

  private final List<List<Integer>> runs = new ArrayList<>();

  /** M02. The row's five further runs are those of eight items; sixteen take one more halving. */
  @ParameterizedTest
  @CsvSource({"2, 2", "4, 4", "8, 5", "16, 6", "5, 5"})
  void oneBadItemFailsAloneWhereverItStands(int size, int mostReruns) {
    for (int bad = 0; bad < size; bad++) {
      runs.clear();
      Set<Integer> poison = Set.of(bad);
      assertThat(failures(isolate(size, poison::contains))).containsExactly(bad);
      assertThat(runs).hasSizeLessThanOrEqualTo(1 + mostReruns);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 16, 31})
  void anySetOfBadItemsFailsAndNothingElse(int size) {
    for (Set<Integer> bad :
        List.of(Set.copyOf(List.of(0, size - 1)), numbers(size), numbers(size / 2))) {
      runs.clear();
      assertThat(failures(isolate(size, bad::contains))).containsExactlyInAnyOrderElementsOf(bad);
      int halvings = 32 - Integer.numberOfLeadingZeros(size - 1);
      assertThat(runs).hasSizeLessThanOrEqualTo(1 + size + halvings + 1);
    }
  }

  /** M05: nobody is blamed, and what was learnt is not tried again. */
  @Test
  void batchTooLargeForTheDeviceIsHalvedUntilItFits() {
    List<Item<Integer, Integer>> items = items(16);
    Isolation<Integer, Integer> isolation = isolation(roomFor(5));
    assertThat(isolation.run(items)).isEqualTo(1 + 1 + 4);
    assertThat(runs).extracting(List::size).containsExactly(16, 8, 4, 4, 4, 4);
    assertThat(failures(items)).isEmpty();
    assertThat(items).noneMatch(Item::isOpen);
    assertThat(isolation.fits()).isEqualTo(4);
  }

  /** M02 and M05 in one batch. */
  @Test
  void badItemFailsAloneThoughMemoryIsShort() {
    List<Item<Integer, Integer>> items = items(16);
    BatchModel<Integer, Integer> narrow = roomFor(4);
    Isolation<Integer, Integer> isolation =
        isolation(
            inputs -> {
              List<Integer> outputs = narrow.run(inputs);
              if (inputs.contains(9)) {
                throw new IllegalStateException("poison");
              }
              return outputs;
            });
    isolation.run(items);
    assertThat(failures(items)).containsExactly(9);
    assertThat(items).noneMatch(Item::isOpen);
  }

  @Test
  void itemThatHasNoRoomAloneFails() {
    List<Item<Integer, Integer>> items = items(3);
    Isolation<Integer, Integer> isolation = isolation(roomFor(0));
    isolation.run(items);
    assertThat(failures(items)).containsExactly(0, 1, 2);
    assertThat(isolation.succeeded()).isFalse();
  }

  /** The JVM's own memory outside the heap. */
  @Test
  void errorOfTheJvmsMemoryIsAShortageToo() {
    List<Item<Integer, Integer>> items = items(8);
    Isolation<Integer, Integer> isolation =
        isolation(
            inputs -> {
              if (inputs.size() > 2) {
                throw new OutOfMemoryError("Cannot reserve direct buffer memory");
              }
              return inputs;
            });
    isolation.run(items);
    assertThat(failures(items)).isEmpty();
    assertThat(isolation.fits()).isEqualTo(2);
  }

  /** M06: no further run is worth a try. */
  @Test
  void lostDeviceIsNotAskedAgain() {
    List<Item<Integer, Integer>> items = items(8);
    Isolation<Integer, Integer> isolation =
        isolation(
            inputs -> {
              throw new DeviceException(Fault.LOST, "gone", null);
            });
    assertThat(isolation.run(items)).isEqualTo(1);
    assertThat(isolation.loss()).isPresent();
    assertThat(items).allMatch(Item::isOpen);
  }

  @Test
  void failureThatDoesNotComeBackFailsNoItem() {
    List<Item<Integer, Integer>> items = items(8);
    run(
        items,
        inputs -> {
          runs.add(inputs);
          if (runs.size() == 1) {
            throw new IllegalStateException("once");
          }
          return inputs;
        });
    assertThat(failures(items)).isEmpty();
  }

  @Test
  void wrongNumberOfOutputsIsAFailure() {
    List<Item<Integer, Integer>> items = items(4);
    run(items, inputs -> inputs.subList(1, inputs.size()));
    assertThat(failures(items)).containsExactly(0, 1, 2, 3);
  }

  @Test
  void missingOutputIsAFailureOfItsItem() {
    List<Item<Integer, Integer>> items = items(4);
    run(
        items,
        inputs -> inputs.contains(2) ? Collections.nCopies(inputs.size(), nothing()) : inputs);
    assertThat(failures(items)).containsExactly(2);
  }

  @Test
  void errorsOfTheModelAreFailuresToo() {
    List<Item<Integer, Integer>> items = items(2);
    run(
        items,
        inputs -> {
          throw new StackOverflowError();
        });
    assertThat(failures(items)).containsExactly(0, 1);
  }

  @Test
  void itemWhoseCallerLeftIsNotRunAgain() {
    List<Item<Integer, Integer>> items = items(4);
    run(
        items,
        inputs -> {
          runs.add(inputs);
          if (runs.size() == 1) {
            BatchTiming timing = new BatchTiming(0, 0, 0);
            items.get(3).end(new Ending.Dropped<>(Outcome.CANCELLED, timing), () -> {});
            throw new IllegalStateException("once");
          }
          return inputs;
        });
    assertThat(runs.subList(1, runs.size())).allSatisfy(run -> assertThat(run).doesNotContain(3));
    assertThat(failures(items)).isEmpty();
  }

  private List<Item<Integer, Integer>> isolate(int size, Predicate<Integer> bad) {
    List<Item<Integer, Integer>> items = items(size);
    run(
        items,
        inputs -> {
          runs.add(inputs);
          if (inputs.stream().anyMatch(bad)) {
            throw new IllegalStateException("poison");
          }
          return inputs;
        });
    return items;
  }

  /** A model on a device with memory for so many items of a run. */
  private BatchModel<Integer, Integer> roomFor(int room) {
    return inputs -> {
      runs.add(inputs);
      if (inputs.size() > room) {
        throw new DeviceException(Fault.OUT_OF_MEMORY, "no room", null);
      }
      return inputs;
    };
  }

  private static Isolation<Integer, Integer> isolation(BatchModel<Integer, Integer> model) {
    return new Isolation<>(model, new Announcer(BatchListener.SILENT), () -> 0);
  }

  private static void run(List<Item<Integer, Integer>> items, BatchModel<Integer, Integer> model) {
    isolation(model).run(items);
    assertThat(items).noneMatch(Item::isOpen);
  }

  private static List<Integer> failures(List<Item<Integer, Integer>> items) {
    return items.stream()
        .filter(item -> item.ending() instanceof BatchResult.Failed)
        .map(Item::input)
        .toList();
  }

  private static List<Item<Integer, Integer>> items(int size) {
    Arrival arrival =
        Arrival.of(BatchPolicy.of(64, 1), Priority.INTERACTIVE, 0, Duration.ofHours(1).toNanos());
    CountDownLatch open = new CountDownLatch(size);
    return IntStream.range(0, size)
        .mapToObj(i -> new Item<Integer, Integer>(i, "", arrival, open))
        .toList();
  }

  private static Set<Integer> numbers(int size) {
    return Set.copyOf(IntStream.range(0, size).boxed().toList());
  }

  @SuppressWarnings("NullAway") // a model that breaks its contract
  private static Integer nothing() {
    return null;
  }
}
