package dev.facet.inference.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Order, shapes and delays of the queue; time is a number. The first letter is an item's shape. */
class ItemQueueTest {

  private static final long MS = 1_000_000;
  private static final long NEVER = Duration.ofHours(1).toNanos();

  private static final BatchPolicy AT_ONCE =
      new BatchPolicy(4, Duration.ZERO, 64, 1, Duration.ofMillis(100), Duration.ZERO);
  private static final BatchPolicy PATIENT =
      new BatchPolicy(4, Duration.ofMillis(10), 64, 1, Duration.ofMillis(100), Duration.ZERO);

  private final ItemQueue<String, String> queue = new ItemQueue<>(4);

  /** M10. */
  @Test
  void interactiveOvertakesBulk() {
    add(AT_ONCE, Priority.BULK, 0, "a1", "a2", "a3", "a4", "a5");
    add(AT_ONCE, Priority.INTERACTIVE, 50 * MS, "a6", "a7");
    assertThat(inputs(queue.poll(50 * MS, false))).containsExactly("a6", "a7", "a1", "a2");
    assertThat(inputs(queue.poll(50 * MS, false))).containsExactly("a3", "a4", "a5");
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void bulkIsServedFirstOnceItsPatienceIsOver() {
    add(AT_ONCE, Priority.BULK, 0, "a1");
    add(AT_ONCE, Priority.INTERACTIVE, 101 * MS, "a2", "a3", "a4", "a5");
    assertThat(inputs(queue.poll(101 * MS, false))).containsExactly("a1", "a2", "a3", "a4");
  }

  /**
   * M10, the other half: in a flood that fills every batch, bulk waits its patience and no more.
   */
  @Test
  void bulkIsNotStarvedByAFloodOfInteractive() {
    int arrived = 0;
    List<Long> waits = new ArrayList<>();
    for (long now = 0; now < 1_000 * MS; now += MS) {
      add(AT_ONCE, Priority.BULK, now, "a-bulk-" + now);
      for (int i = 0; i < 4; i++) {
        add(AT_ONCE, Priority.INTERACTIVE, now, "a" + arrived++);
      }
      for (String input : inputs(queue.poll(now, false))) {
        if (input.startsWith("a-bulk-")) {
          waits.add(now - Long.parseLong(input.substring("a-bulk-".length())));
        }
      }
    }
    // Five items come for each batch of four, so both fall behind, but neither the other.
    assertThat(waits).hasSizeGreaterThan(100).allMatch(wait -> wait >= 100 * MS);
    assertThat(waits.getFirst()).isLessThanOrEqualTo(102 * MS);
  }

  /** M10: what keeps interactive items quick while bulk saturates the model. */
  @Test
  void bulkPastItsPatienceLeadsOnlyEveryFourthBatch() {
    ItemQueue<String, String> single = new ItemQueue<>(1);
    List<String> served = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      // Of other shapes, which must make no difference.
      single.add(item(AT_ONCE, Priority.BULK, 0, NEVER, "a-bulk"));
      single.add(item(AT_ONCE, Priority.INTERACTIVE, 200 * MS, NEVER, "b"));
    }
    for (int i = 0; i < 100; i++) {
      served.addAll(inputs(single.poll(300 * MS, false)));
    }
    assertThat(served.subList(0, 8))
        .containsExactly("a-bulk", "b", "b", "b", "a-bulk", "b", "b", "b");
    assertThat(served).filteredOn("a-bulk"::equals).hasSize(25);
  }

  /** With nobody to give way to, bulk has the model to itself. */
  @Test
  void bulkAloneIsServedInItsOrder() {
    add(AT_ONCE, Priority.BULK, 0, "a1", "a2", "a3", "a4", "b5", "a6");
    assertThat(inputs(queue.poll(0, false))).containsExactly("a1", "a2", "a3", "a4");
    assertThat(inputs(queue.poll(0, false))).containsExactly("b5");
    assertThat(inputs(queue.poll(0, false))).containsExactly("a6");
  }

  @Test
  void limitHoldsForTheBatchesToCome() {
    add(AT_ONCE, Priority.INTERACTIVE, 0, "a1", "a2", "a3", "a4");
    assertThat(queue.limit(2)).isTrue();
    assertThat(queue.limit(3)).isFalse();
    assertThat(inputs(queue.poll(0, false))).containsExactly("a1", "a2");
    assertThat(inputs(queue.poll(0, false))).containsExactly("a3", "a4");
  }

  @Test
  void onlyEqualShapesShareABatch() {
    add(AT_ONCE, Priority.INTERACTIVE, 0, "a1", "b1", "a2", "b2");
    assertThat(inputs(queue.poll(0, false))).containsExactly("a1", "a2");
    assertThat(inputs(queue.poll(0, false))).containsExactly("b1", "b2");
  }

  @Test
  void fullBatchDoesNotWaitForTheDelayOfAnotherShape() {
    add(PATIENT, Priority.INTERACTIVE, 0, "a1");
    add(PATIENT, Priority.INTERACTIVE, 1, "b1", "b2", "b3", "b4");
    assertThat(inputs(queue.poll(1, false))).containsExactly("b1", "b2", "b3", "b4");
    assertThat(queue.poll(1, false)).isNull();
    assertThat(queue.nanosToNextBatch(1)).isEqualTo(10 * MS - 1);
  }

  @Test
  void delayCountsFromTheOldestItem() {
    add(PATIENT, Priority.INTERACTIVE, 0, "a1");
    add(PATIENT, Priority.INTERACTIVE, 9 * MS, "a2");
    assertThat(queue.poll(10 * MS - 1, false)).isNull();
    assertThat(inputs(queue.poll(10 * MS, false))).containsExactly("a1", "a2");
  }

  @Test
  void delayOfALoneBulkItemDoesNotIncludeItsPatience() {
    add(PATIENT, Priority.BULK, 0, "a1");
    assertThat(queue.nanosToNextBatch(0)).isEqualTo(10 * MS);
  }

  @Test
  void delayTakesAtMostHalfOfTheTimeLeft() {
    queue.add(item(PATIENT, Priority.INTERACTIVE, 0, 4 * MS, "a1"));
    assertThat(queue.nanosToNextBatch(0)).isEqualTo(2 * MS);
  }

  @Test
  void drainingWaitsForNoDelay() {
    add(PATIENT, Priority.INTERACTIVE, 0, "a1");
    assertThat(inputs(queue.poll(0, /* draining= */ true))).containsExactly("a1");
  }

  @Test
  void expiredItemsAreSetApartAndTheirPlacesFilled() {
    queue.add(item(AT_ONCE, Priority.INTERACTIVE, 0, 5, "a1"));
    add(AT_ONCE, Priority.INTERACTIVE, 0, "a2", "a3", "a4", "a5");
    Batch<String, String> batch = Objects.requireNonNull(queue.poll(5, false));
    assertThat(inputs(batch)).containsExactly("a2", "a3", "a4", "a5");
    assertThat(batch.expired()).extracting(Item::input).containsExactly("a1");
    assertThat(queue.size(Priority.INTERACTIVE)).isZero();
  }

  @Test
  void removedItemFreesItsPlaceOnce() {
    Item<String, String> item = item(AT_ONCE, Priority.BULK, 0, NEVER, "a1");
    queue.add(item);
    assertThat(queue.remove(item)).isTrue();
    assertThat(queue.remove(item)).isFalse();
    assertThat(queue.size(Priority.BULK)).isZero();
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.nanosToNextBatch(0)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void bulkIsNotAheadOfInteractive() {
    add(AT_ONCE, Priority.BULK, 0, "a1", "a2");
    add(AT_ONCE, Priority.INTERACTIVE, 0, "a3");
    assertThat(queue.ahead(Priority.INTERACTIVE)).isEqualTo(1);
    assertThat(queue.ahead(Priority.BULK)).isEqualTo(3);
  }

  private void add(BatchPolicy policy, Priority priority, long now, String... inputs) {
    for (String input : inputs) {
      queue.add(item(policy, priority, now, now + NEVER, input));
    }
  }

  private static Item<String, String> item(
      BatchPolicy policy, Priority priority, long now, long deadline, String input) {
    Arrival arrival = Arrival.of(policy, priority, now, deadline);
    return new Item<>(input, input.charAt(0), arrival, new CountDownLatch(1));
  }

  private static List<String> inputs(@Nullable Batch<String, String> batch) {
    return batch == null ? List.of() : batch.items().stream().map(Item::input).toList();
  }
}
