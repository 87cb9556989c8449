package dev.facet.inference.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.inference.batch.DeviceException.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The batcher with real threads: gates say when a run ends, and no test depends on the time. */
@Timeout(60)
class BatcherTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private final GatedModel model = new GatedModel();
  private final Tally tally = new Tally();
  private final AtomicLong now = new AtomicLong();
  private final List<Batcher<String, String>> batchers = new ArrayList<>();

  @AfterEach
  void close() {
    model.permitAll();
    batchers.forEach(Batcher::close);
    tally.assertEveryItemEndedOnce();
  }

  @Test
  void idleRunnerStartsAtOnce() throws Exception {
    Batcher<String, String> batcher = open(policy(8, Duration.ZERO, 8));
    model.permitAll();
    assertThat(outputs(submit(batcher, "a1"))).containsExactly("a1");
    assertThat(model.runs()).containsExactly(List.of("a1"));
  }

  @Test
  void fullBatchRunsWithoutWaiting() throws Exception {
    Batcher<String, String> batcher = open(policy(2, HOUR, 8));
    model.permitAll();
    Submission<String> first = submit(batcher, "a1");
    Submission<String> second = submit(batcher, "a2");
    assertThat(outputs(first)).containsExactly("a1");
    assertThat(outputs(second)).containsExactly("a2");
    assertThat(model.runs()).containsExactly(List.of("a1", "a2"));
  }

  @Test
  void busyRunnerLetsTheNextBatchGrow() throws Exception {
    Batcher<String, String> batcher = open(policy(8, Duration.ZERO, 8));
    Submission<String> first = submit(batcher, "a1");
    model.awaitStart();
    Submission<String> second = submit(batcher, "a2");
    Submission<String> third = submit(batcher, "a3");
    model.permitAll();
    outputs(first);
    assertThat(outputs(second)).containsExactly("a2");
    assertThat(outputs(third)).containsExactly("a3");
    assertThat(model.runs()).containsExactly(List.of("a1"), List.of("a2", "a3"));
  }

  @Test
  void submissionLargerThanABatchIsSplit() throws Exception {
    Batcher<String, String> batcher = open(policy(2, Duration.ZERO, 8));
    model.permitAll();
    Submission<String> submission = submit(batcher, "a1", "a2", "a3", "a4", "a5");
    assertThat(outputs(submission)).containsExactly("a1", "a2", "a3", "a4", "a5");
    assertThat(model.runs())
        .containsExactly(List.of("a1", "a2"), List.of("a3", "a4"), List.of("a5"));
  }

  @Test
  void splitSubmissionOccupiesEveryRunner() throws Exception {
    Batcher<String, String> batcher = open(policy(2, Duration.ZERO, 8, /* runners= */ 2));
    submit(batcher, "a1", "a2", "a3");
    model.awaitStart();
    model.awaitStart();
    assertThat(model.runs()).containsExactlyInAnyOrder(List.of("a1", "a2"), List.of("a3"));
  }

  @Test
  void differentShapesDoNotShareABatch() throws Exception {
    Batcher<String, String> batcher = open(policy(4, Duration.ZERO, 8));
    model.permitAll();
    assertThat(outputs(submit(batcher, "a1", "b1", "a2"))).containsExactly("a1", "b1", "a2");
    assertThat(model.runs()).containsExactly(List.of("a1", "a2"), List.of("b1"));
  }

  @Test
  void noItemsAreAnsweredByNoResults() throws Exception {
    Batcher<String, String> batcher = open(policy(2, Duration.ZERO, 8));
    assertThat(submit(batcher).await()).isEmpty();
    assertThat(model.runs()).isEmpty();
  }

  @Test
  void resultTellsWhatItCost() throws Exception {
    Batcher<String, String> batcher = openAtFakeTime(policy(8, Duration.ZERO, 8));
    Submission<String> first = submit(batcher, "a1");
    model.awaitStart();
    Submission<String> second = submit(batcher, "a2", "a3");
    now.addAndGet(5);
    model.permitOne();
    outputs(first);
    model.awaitStart();
    now.addAndGet(7);
    model.permitOne();
    assertThat(first.await()).extracting(BatchResult::timing).containsOnly(timing(0, 1, 5));
    assertThat(second.await()).extracting(BatchResult::timing).containsOnly(timing(5, 2, 7));
  }

  // Refused at the door.

  /** M08. */
  @Test
  void fullQueueRefusesExactlyWhatDoesNotFit() throws Exception {
    Batcher<String, String> batcher = open(policy(1, Duration.ZERO, 8));
    submit(batcher, "a0");
    model.awaitStart();
    int refused = 0;
    for (int i = 0; i < 12; i++) {
      try {
        submit(batcher, "a" + i);
      } catch (QueueFullException e) {
        refused++;
        assertThat(e).hasMessageContaining("8 of 8 places");
        assertThat(e.reason()).isEqualTo(QueueFullException.Reason.TOO_MANY_ITEMS);
        assertThat(e.retryAfter()).isPositive();
      }
    }
    assertThat(refused).isEqualTo(4);
    assertThat(tally.refused(QueueFullException.Reason.TOO_MANY_ITEMS)).isEqualTo(4);
    assertThat(batcher.queued(Priority.INTERACTIVE)).isEqualTo(8);
  }

  @Test
  void submissionIsAcceptedWholeOrNotAtAll() throws Exception {
    Batcher<String, String> batcher = open(policy(1, Duration.ZERO, 3));
    submit(batcher, "a0");
    model.awaitStart();
    submit(batcher, "a1", "a2");
    assertThatThrownBy(() -> submit(batcher, "a3", "a4")).isInstanceOf(QueueFullException.class);
    assertThat(batcher.queued(Priority.INTERACTIVE)).isEqualTo(2);
  }

  @Test
  void floodOfBulkTakesNoInteractivePlace() throws Exception {
    Batcher<String, String> batcher = open(policy(1, Duration.ZERO, 2));
    submit(batcher, "a0");
    model.awaitStart();
    submit(batcher, Priority.BULK, HOUR, "a1", "a2");
    assertThatThrownBy(() -> submit(batcher, Priority.BULK, HOUR, "a3"))
        .isInstanceOf(QueueFullException.class);
    Submission<String> urgent = submit(batcher, "a4");
    model.permitAll();
    assertThat(outputs(urgent)).containsExactly("a4");
    batcher.close();
    assertThat(model.runs())
        .containsExactly(List.of("a0"), List.of("a4"), List.of("a1"), List.of("a2"));
  }

  @Test
  void waitLongerThanTheDeadlineIsRefused() throws Exception {
    Batcher<String, String> batcher = openAtFakeTime(policy(1, Duration.ZERO, 8));
    runOneOf(batcher, Duration.ofSeconds(1));
    submit(batcher, "a1");
    model.awaitStart();
    submit(batcher, "a2", "a3");
    assertThatThrownBy(() -> submit(batcher, Duration.ofMillis(3_999), "a4"))
        .isInstanceOfSatisfying(
            QueueFullException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(QueueFullException.Reason.TOO_LONG_A_WAIT);
              assertThat(e.estimatedWait()).isEqualTo(Duration.ofSeconds(2));
              assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(2));
              assertThat(e)
                  .hasMessageContainingAll("2000 ms behind 2 items", "deadline in 3999 ms");
            });
    // Two ahead, the run under way, and its own.
    submit(batcher, Duration.ofSeconds(4), "a5");
  }

  @Test
  void estimateSpoiltByOneSlowRunIsCorrected() throws Exception {
    Batcher<String, String> batcher = openAtFakeTime(policy(1, Duration.ZERO, 8));
    runOneOf(batcher, HOUR);
    for (int i = 0; i < 60; i++) {
      runOneOf(batcher, Duration.ofMillis(1));
    }
    submit(batcher, "a1");
    model.awaitStart();
    submit(batcher, "a2");
    submit(batcher, Duration.ofSeconds(1), "a3");
  }

  @Test
  void passedDeadlineIsRefused() {
    Batcher<String, String> batcher = open(policy(1, Duration.ZERO, 8));
    assertThatThrownBy(() -> submit(batcher, Duration.ZERO, "a1"))
        .isInstanceOf(DeadlinePassedException.class);
    assertThat(model.runs()).isEmpty();
  }

  // Dropped before they cost a run.

  @Test
  void cancelledItemsNeverRunAndFreeTheirPlaces() throws Exception {
    Batcher<String, String> batcher = open(policy(8, Duration.ZERO, 100));
    submit(batcher, "a0");
    model.awaitStart();
    List<Submission<String>> queued =
        IntStream.range(0, 100).mapToObj(i -> submit(batcher, "a" + i)).toList();
    for (int i = 0; i < 100; i += 2) {
      queued.get(i).cancel();
    }
    assertThat(batcher.queued(Priority.INTERACTIVE)).isEqualTo(50);
    model.permitAll();
    for (int i = 0; i < 100; i++) {
      Submission<String> submission = queued.get(i);
      if (i % 2 == 0) {
        assertThatThrownBy(submission::await).isInstanceOf(CancellationException.class);
      } else {
        assertThat(outputs(submission)).containsExactly("a" + i);
      }
    }
    assertThat(model.runs().stream().mapToInt(List::size).sum()).isEqualTo(51);
    assertThat(tally.ended(Outcome.CANCELLED)).isEqualTo(50);
  }

  /** M09: REJECT, the one of Triton's actions that there is. */
  @Test
  void itemsPastTheirDeadlineNeverRun() throws Exception {
    Batcher<String, String> batcher = openAtFakeTime(policy(8, Duration.ZERO, 8));
    Submission<String> first = submit(batcher, "a1");
    model.awaitStart();
    Submission<String> late = submit(batcher, Duration.ofMillis(10), "a2");
    Submission<String> patient = submit(batcher, "a3");
    now.addAndGet(Duration.ofMillis(10).toNanos());
    model.permitAll();
    outputs(first);
    assertThat(outputs(patient)).containsExactly("a3");
    assertThatThrownBy(late::await).isInstanceOf(DeadlinePassedException.class);
    assertThat(model.runs()).containsExactly(List.of("a1"), List.of("a3"));
    assertThat(tally.ended(Outcome.DEADLINE_PASSED)).isEqualTo(1);
  }

  @Test
  void callerLeavesAtTheDeadlineThoughTheRunGoesOn() throws Exception {
    Batcher<String, String> batcher = openAtFakeTime(policy(1, Duration.ZERO, 8));
    Submission<String> submission = submit(batcher, Duration.ofMillis(10), "a1", "a2");
    model.awaitStart();
    now.addAndGet(Duration.ofMillis(10).toNanos());
    assertThatThrownBy(submission::await)
        .isInstanceOf(DeadlinePassedException.class)
        .hasMessageContaining("0 of 2");
    assertThat(batcher.queued(Priority.INTERACTIVE)).isZero();
  }

  @Test
  void cancellingDuringTheRunLeavesItsMatesAlone() throws Exception {
    Batcher<String, String> batcher = open(policy(2, HOUR, 8));
    Submission<String> leaving = submit(batcher, "a1");
    Submission<String> staying = submit(batcher, "a2");
    model.awaitStart();
    leaving.cancel();
    leaving.cancel();
    assertThatThrownBy(leaving::await).isInstanceOf(CancellationException.class);
    model.permitAll();
    assertThat(outputs(staying)).containsExactly("a2");
  }

  @Test
  void cancellingAfterTheAnswerChangesNothing() throws Exception {
    Batcher<String, String> batcher = open(policy(1, Duration.ZERO, 8));
    model.permitAll();
    Submission<String> submission = submit(batcher, "a1");
    submission.await();
    submission.cancel();
    assertThat(outputs(submission)).containsExactly("a1");
  }

  @Test
  void interruptedCallerWithdraws() throws Exception {
    Batcher<String, String> batcher = open(policy(1, Duration.ZERO, 8));
    submit(batcher, "a1");
    model.awaitStart();
    Submission<String> queued = submit(batcher, "a2");
    Thread.currentThread().interrupt();
    assertThatThrownBy(queued::await).isInstanceOf(InterruptedException.class);
    assertThat(batcher.queued(Priority.INTERACTIVE)).isZero();
  }

  // A model that fails.

  /** M01, M02. */
  @Test
  void poisonItemFailsAndItsMatesSucceed() throws Exception {
    Batcher<String, String> batcher = open(policy(16, Duration.ZERO, 32));
    model.permitAll();
    List<String> items = new ArrayList<>(IntStream.range(0, 15).mapToObj(i -> "p" + i).toList());
    items.add(5, "poison");
    List<BatchResult<String>> results = submit(batcher, items.toArray(String[]::new)).await();
    for (int i = 0; i < items.size(); i++) {
      BatchResult<String> result = results.get(i);
      if (i == 5) {
        assertThat(result).isInstanceOf(BatchResult.Failed.class);
        assertThatThrownBy(result::output).isInstanceOf(ModelFailedException.class);
      } else {
        assertThat(result.output()).isEqualTo(items.get(i));
      }
    }
    assertThat(model.runs()).hasSizeLessThanOrEqualTo(7);
  }

  /** M03. */
  @Test
  void flawedOutputFailsItsItemWithoutARerun() throws Exception {
    BatchModel<String, String> flawed =
        new BatchModel<>() {
          @Override
          public List<String> run(List<String> items) {
            return items;
          }

          @Override
          public Optional<String> flaw(String output) {
            return output.equals("NaN") ? Optional.of("not finite") : Optional.empty();
          }
        };
    Batcher<String, String> batcher = open(policy(4, Duration.ZERO, 8), flawed);
    List<BatchResult<String>> results = submit(batcher, "1", "NaN", "2").await();
    assertThat(results.get(0).output()).isEqualTo("1");
    assertThat(results.get(2).output()).isEqualTo("2");
    assertThatThrownBy(results.get(1)::output).hasMessage("not finite");
    assertThat(tally.ended(Outcome.MODEL_FAILED)).isEqualTo(1);
  }

  /** M05. */
  @Test
  void batchThatTheDeviceHasNoMemoryForIsHalvedAndSoAreLaterOnes() throws Exception {
    BatchModel<String, String> narrow =
        items -> {
          List<String> outputs = model.run(items);
          if (items.size() > 4) {
            throw new DeviceException(Fault.OUT_OF_MEMORY, "no room", null);
          }
          return outputs;
        };
    model.permitAll();
    Batcher<String, String> batcher = open(policy(8, Duration.ZERO, 64), narrow);
    assertThat(batcher.limit()).isEqualTo(8);
    String[] items = IntStream.range(0, 8).mapToObj(i -> "a" + i).toArray(String[]::new);
    assertThat(outputs(submit(batcher, items))).containsExactly(items);
    assertThat(outputs(submit(batcher, items))).containsExactly(items);
    assertThat(model.runs()).extracting(List::size).containsExactly(8, 4, 4, 4, 4);
    assertThat(batcher.limit()).isEqualTo(4);
    assertThat(tally.limits()).containsExactly(4);
    assertThat(batcher.loss()).isEmpty();
  }

  /** M05, repeated: a device that has room for nothing is as good as lost. */
  @Test
  void thirdBatchInARowWithoutMemoryForAnItemLosesTheDevice() throws Exception {
    AtomicBoolean room = new AtomicBoolean();
    BatchModel<String, String> tight =
        items -> {
          if (room.get()) {
            return items;
          }
          throw new DeviceException(Fault.OUT_OF_MEMORY, "no room", null);
        };
    Batcher<String, String> batcher = open(policy(1, Duration.ZERO, 8), tight);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(submit(batcher, "a").await().getFirst()::output)
          .isInstanceOf(ModelFailedException.class);
    }
    room.set(true);
    outputs(submit(batcher, "a"));
    room.set(false);
    for (int i = 0; i < 3; i++) {
      assertThat(batcher.loss()).isEmpty();
      submit(batcher, "a").await();
    }
    batcher.runners().getFirst().join();
    assertThat(batcher.loss()).isPresent();
  }

  /** M06: what is waiting and what comes goes elsewhere at once. */
  @Test
  void lostDeviceClosesTheBatcher() throws Exception {
    BatchModel<String, String> lost =
        items -> {
          model.run(items);
          throw new DeviceException(Fault.LOST, "CUDA failure 700", null);
        };
    Batcher<String, String> batcher = open(policy(2, Duration.ZERO, 8), lost);
    Submission<String> running = submit(batcher, "a1", "a2");
    model.awaitStart();
    Submission<String> waiting = submit(batcher, "a3");
    model.permitAll();
    assertThatThrownBy(running::await).isInstanceOf(BatcherClosedException.class);
    assertThatThrownBy(waiting::await).isInstanceOf(BatcherClosedException.class);
    assertThatThrownBy(() -> submit(batcher, "a4")).isInstanceOf(BatcherClosedException.class);
    assertThat(batcher.loss()).get().extracting(DeviceException::fault).isEqualTo(Fault.LOST);
    assertThat(model.runs()).hasSize(1);
  }

  @Test
  void runsUnderWayAreToldApart() throws Exception {
    Batcher<String, String> batcher = open(policy(2, Duration.ZERO, 8));
    assertThat(batcher.underWay()).isEmpty();
    submit(batcher, "a1");
    model.awaitStart();
    Submission<String> second = submit(batcher, "a2", "a3");
    RunUnderWay first = batcher.underWay().getFirst();
    assertThat(first.runner()).isEqualTo(batcher.runners().getFirst());
    assertThat(first.items()).isEqualTo(1);
    model.permitOne();
    model.awaitStart();
    assertThat(batcher.underWay()).hasSize(1).doesNotContain(first);
    model.permitOne();
    outputs(second);
  }

  @Test
  void runnerOutlivesFailuresAndInterrupts() throws Exception {
    BatchModel<String, String> rude =
        items -> {
          Thread.currentThread().interrupt();
          if (items.contains("poison")) {
            throw new StackOverflowError();
          }
          return items;
        };
    Batcher<String, String> batcher = open(policy(1, Duration.ZERO, 8), rude);
    assertThatThrownBy(submit(batcher, "poison").await().getFirst()::output)
        .isInstanceOf(ModelFailedException.class);
    assertThat(outputs(submit(batcher, "a1"))).containsExactly("a1");
  }

  @Test
  void listenerThatThrowsCostsNothing() throws Exception {
    BatchListener broken =
        new BatchListener() {
          @Override
          public void ended(Priority priority, Outcome outcome, BatchTiming timing) {
            throw new IllegalStateException("a bug of the listener");
          }
        };
    model.permitAll();
    try (Batcher<String, String> batcher =
        new Batcher<>("test", policy(1, Duration.ZERO, 8), model, broken)) {
      batcher.runners().forEach(runner -> runner.setUncaughtExceptionHandler((t, e) -> {}));
      long deadline = batcher.nanoTime() + HOUR.toNanos();
      for (String item : List.of("a1", "a2")) {
        assertThat(outputs(batcher.submit(List.of(item), Priority.BULK, deadline)))
            .containsExactly(item);
      }
    }
  }

  // Closing.

  @Test
  void closingRunsWhatWasAcceptedAndRefusesTheRest() throws Exception {
    Batcher<String, String> batcher = open(policy(8, HOUR, 8));
    model.permitAll();
    Submission<String> accepted = submit(batcher, "a1", "a2");
    batcher.close();
    assertThat(outputs(accepted)).containsExactly("a1", "a2");
    assertThatThrownBy(() -> submit(batcher, "a3")).isInstanceOf(BatcherClosedException.class);
    batcher.close();
  }

  @Test
  void closingDoesNotWaitForEverForAStuckModel() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(1);
    BatchModel<String, String> stuck =
        items -> {
          started.countDown();
          never.await();
          return items;
        };
    BatchPolicy impatient =
        new BatchPolicy(1, Duration.ZERO, 8, 1, Duration.ZERO, /* drainTimeout= */ Duration.ZERO);
    Batcher<String, String> batcher = open(impatient, stuck);
    Submission<String> running = submit(batcher, "a1");
    Submission<String> queued = submit(batcher, "a2");
    started.await();
    batcher.close();
    assertThatThrownBy(running::await).isInstanceOf(BatcherClosedException.class);
    assertThatThrownBy(queued::await).isInstanceOf(BatcherClosedException.class);
    batcher.runners().getFirst().join(); // the interrupt freed it
  }

  @Test
  void interruptedCloseEndsAtOnceAndStaysInterrupted() throws Exception {
    Batcher<String, String> batcher = open(policy(1, Duration.ZERO, 8));
    Submission<String> submission = submit(batcher, "a1");
    model.awaitStart();
    Thread.currentThread().interrupt();
    batcher.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThatThrownBy(submission::await).isInstanceOf(BatcherClosedException.class);
  }

  @Test
  void runnersCarryTheBatchersName() {
    Batcher<String, String> batcher = open(policy(1, Duration.ZERO, 8, /* runners= */ 2));
    assertThat(batcher.runners()).extracting(Thread::getName).containsExactly("test-0", "test-1");
    assertThat(batcher.runners()).noneMatch(Thread::isVirtual);
  }

  @Test
  void manyVirtualThreadsAreAllAnswered() throws Exception {
    Batcher<String, String> batcher = open(policy(8, Duration.ZERO, 1_000, /* runners= */ 2));
    model.permitAll();
    List<FutureTask<List<String>>> callers =
        IntStream.range(0, 300)
            .mapToObj(i -> new FutureTask<>(() -> outputs(submit(batcher, "a" + i, "b" + i))))
            .toList();
    callers.forEach(Thread::startVirtualThread);
    for (int i = 0; i < callers.size(); i++) {
      assertThat(callers.get(i).get()).containsExactly("a" + i, "b" + i);
    }
  }

  private Batcher<String, String> open(BatchPolicy policy) {
    return open(policy, model);
  }

  private Batcher<String, String> open(BatchPolicy policy, BatchModel<String, String> model) {
    return remember(new Batcher<>("test", policy, model, tally));
  }

  /** A batcher whose time stands still unless {@link #now} is moved. */
  private Batcher<String, String> openAtFakeTime(BatchPolicy policy) {
    return remember(new Batcher<>("test", policy, model, tally, now::get));
  }

  private Batcher<String, String> remember(Batcher<String, String> batcher) {
    batchers.add(batcher);
    return batcher;
  }

  private static BatchPolicy policy(int maxBatch, Duration maxDelay, int maxQueue) {
    return policy(maxBatch, maxDelay, maxQueue, /* runners= */ 1);
  }

  private static BatchPolicy policy(int maxBatch, Duration maxDelay, int maxQueue, int runners) {
    return new BatchPolicy(maxBatch, maxDelay, maxQueue, runners, HOUR, HOUR);
  }

  private Submission<String> submit(Batcher<String, String> batcher, String... items) {
    return submit(batcher, HOUR, items);
  }

  private Submission<String> submit(
      Batcher<String, String> batcher, Duration timeLeft, String... items) {
    return submit(batcher, Priority.INTERACTIVE, timeLeft, items);
  }

  private Submission<String> submit(
      Batcher<String, String> batcher, Priority priority, Duration timeLeft, String... items) {
    long deadline = batcher.nanoTime() + timeLeft.toNanos();
    Submission<String> submission = batcher.submit(List.of(items), priority, deadline);
    tally.accepted(items.length);
    return submission;
  }

  /** Runs one item that takes so long. */
  private void runOneOf(Batcher<String, String> batcher, Duration runTime) throws Exception {
    Submission<String> submission = submit(batcher, Duration.ofHours(100), "a");
    model.awaitStart();
    now.addAndGet(runTime.toNanos());
    model.permitOne();
    submission.await();
  }

  private static List<String> outputs(Submission<String> submission) throws InterruptedException {
    return submission.await().stream().map(BatchResult::output).toList();
  }

  private static BatchTiming timing(long queueNanos, int batchSize, long runNanos) {
    return new BatchTiming(queueNanos, batchSize, runNanos);
  }
}
