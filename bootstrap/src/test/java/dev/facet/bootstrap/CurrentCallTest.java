package dev.facet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Context;
import io.grpc.Status;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CurrentCallTest {

  @Test
  void deadlineIsTheCallers() {
    try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        Context.CancellableContext call =
            Context.current().withDeadlineAfter(1, TimeUnit.HOURS, timer)) {
      long now = System.nanoTime();
      call.run(
          () ->
              assertThat(CurrentCall.deadlineNanos() - now)
                  .isGreaterThan(TimeUnit.MINUTES.toNanos(30)));
    }
  }

  @Test
  void workIsWithdrawnWhenTheCallerLeaves() throws Exception {
    CountDownLatch withdrawn = new CountDownLatch(1);
    Context.CancellableContext call = Context.current().withCancellation();
    String result =
        call.call(
            () ->
                CurrentCall.await(
                    () -> {
                      Thread.startVirtualThread(() -> call.cancel(null));
                      withdrawn.await();
                      return "withdrawn";
                    },
                    withdrawn::countDown));
    assertThat(result).isEqualTo("withdrawn");
  }

  @Test
  void workThatFailsFailsTheCall() {
    Refusal refusal = Refusal.of(Status.Code.UNAVAILABLE, "QUEUE_FULL", "queue 8 of 8");
    assertThatThrownBy(
            () ->
                CurrentCall.await(
                    () -> {
                      throw refusal;
                    },
                    () -> {}))
        .isSameAs(refusal);
  }

  @Test
  void workOnAPlatformThreadGoesOnWhenTheCallerLeaves() throws Exception {
    CountDownLatch mayEnd = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Context.CancellableContext call = Context.current().withCancellation();
    assertThatThrownBy(
            () ->
                call.call(
                    () ->
                        CurrentCall.awaitOnPlatformThread(
                            "work",
                            () -> {
                              call.cancel(null);
                              awaitUninterrupted(mayEnd);
                              ended.countDown();
                              return Thread.currentThread().isVirtual();
                            })))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo("CANCELLED"));
    assertThat(Thread.interrupted()).isTrue();
    mayEnd.countDown();
    ended.await();
  }

  @Test
  void workThatFailsOnAPlatformThreadFailsTheCallWithItsOwnAnswer() {
    Refusal refusal = Refusal.of(Status.Code.UNAVAILABLE, "QUEUE_FULL", "queue 8 of 8");
    assertThatThrownBy(
            () ->
                CurrentCall.awaitOnPlatformThread(
                    "work",
                    () -> {
                      throw refusal;
                    }))
        .satisfies(thrown -> assertThat(ErrorTable.standard().refusal(thrown)).isSameAs(refusal));
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
