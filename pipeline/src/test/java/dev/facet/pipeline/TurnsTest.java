package dev.facet.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private static final Duration LONG = Duration.ofHours(1);

  @Test
  void noMoreThanItsNumberAreInAtOnce() throws Exception {
    Turns turns = new Turns(2);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch two = new CountDownLatch(2);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        answers.add(
            callers.submit(
                () ->
                    turns.during(
                        () -> {
                          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                          two.countDown();
                          await(two);
                          return inside.decrementAndGet();
                        })));
      }
      for (Future<Integer> answer : answers) {
        answer.get();
      }
    }
    assertThat(most).hasValue(2);
  }

  @Test
  void closingWaitsForWhoIsIn() throws Exception {
    Turns turns = new Turns(1);
    CountDownLatch in = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> working =
          callers.submit(
              () ->
                  turns.during(
                      () -> {
                        in.countDown();
                        await(leave);
                        return "done";
                      }));
      in.await();
      Future<?> closing = callers.submit(() -> turns.close(LONG));
      leave.countDown();

      closing.get();
      assertThat(working).isDone();
      assertThat(working.get()).isEqualTo("done");
    }
    assertThatThrownBy(() -> turns.during(() -> "late"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the pipeline is closed");
  }

  @Test
  void closingLeavesBehindWhoDoesNotComeAndSendsAwayWhoWaits() throws Exception {
    Turns turns = new Turns(1);
    CountDownLatch in = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> stuck =
          callers.submit(
              () ->
                  turns.during(
                      () -> {
                        in.countDown();
                        await(leave);
                        return "late";
                      }));
      in.await();
      turns.close(Duration.ZERO);
      Future<String> next = callers.submit(() -> turns.during(() -> "never"));
      leave.countDown();

      assertThat(stuck.get()).isEqualTo("late");
      assertThatThrownBy(next::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void failureGivesTheTurnBack() {
    Turns turns = new Turns(1);
    assertThatThrownBy(
            () ->
                turns.during(
                    () -> {
                      throw new IllegalArgumentException("no");
                    }))
        .hasMessage("no");
    assertThat(turns.<String>during(() -> "next")).isEqualTo("next");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
