package dev.facet.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.facet.bootstrap.Refusal;
import io.grpc.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final AtomicLong nanos = new AtomicLong();
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    callers.shutdownNow();
  }

  private Turns turns(int places, int waiting) {
    return new Turns(places, waiting, nanos::get);
  }

  private Future<Turns.Turn> ask(Turns turns, String tenant) throws InterruptedException {
    int waiting = turns.waiting();
    Future<Turns.Turn> turn = callers.submit(() -> turns.take(tenant));
    while (!turn.isDone() && turns.waiting() == waiting) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    return turn;
  }

  @Test
  void aTenantAloneIsNeverKeptWaiting() {
    Turns turns = turns(2, 1);
    for (int i = 0; i < 100; i++) {
      var _ = turns.take("a");
    }
    assertThat(turns.waiting()).isZero();
  }

  @Test
  void aPlaceIsKeptForWhoCalledLately() throws Exception {
    Turns turns = turns(4, 10);
    turns.take("b").close();
    List<Future<Turns.Turn>> flood = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      flood.add(ask(turns, "a"));
    }
    assertThat(flood.stream().filter(Future::isDone)).hasSize(3);
    assertThat(ask(turns, "b").isDone()).isTrue(); // at once, into the place kept
    assertThat(turns.waiting()).isEqualTo(5);
  }

  @Test
  void theNextPlaceGoesToTheTenantWithTheFewestCallsUnderWay() throws Exception {
    Turns turns = turns(4, 10);
    turns.take("b").close();
    List<Future<Turns.Turn>> flood = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      flood.add(ask(turns, "a"));
    }
    Turns.Turn first = turns.take("b");
    Future<Turns.Turn> second = ask(turns, "b");
    assertThat(second.isDone()).isFalse();
    flood.getFirst().get().close();
    second.get(10, TimeUnit.SECONDS).close(); // before the five of the other that came earlier
    first.close();
  }

  @Test
  void nobodyIsRememberedForEver() throws Exception {
    Turns turns = turns(2, 10);
    turns.take("b").close();
    turns.take("a").close();
    nanos.addAndGet(Duration.ofMinutes(2).toNanos());
    for (int i = 0; i < 10; i++) {
      assertThat(ask(turns, "a").isDone()).isTrue();
    }
  }

  @Test
  void whoHasTooManyWaitingIsRefusedAndOthersAreNot() throws Exception {
    Turns turns = turns(2, 3);
    turns.take("b").close();
    List<Future<Turns.Turn>> flood = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      flood.add(ask(turns, "a"));
    }
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> turns.take("a"));
    assertThat(Objects.requireNonNull(refusal).reason()).isEqualTo("QUEUE_FULL");
    assertThat(catchThrowableOfType(Refusal.class, () -> turns.requireRoom("a"))).isNotNull();
    turns.requireRoom("b");
    turns.take("b").close();
    assertThat(flood.getFirst().isDone()).isTrue();
  }

  @Test
  void whoLeavesWhileWaitingTakesNoPlace() throws Exception {
    Turns turns = turns(2, 10);
    turns.take("b").close();
    Turns.Turn only = turns.take("a");
    Context.CancellableContext context = Context.current().withCancellation();
    Future<Turns.Turn> leaving = callers.submit(() -> context.call(() -> turns.take("a")));
    while (turns.waiting() == 0) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    context.cancel(null);
    assertThat(catchThrowableOfType(Exception.class, () -> leaving.get(10, TimeUnit.SECONDS)))
        .hasCauseInstanceOf(Refusal.class);
    assertThat(turns.waiting()).isZero();
    only.close();
    turns.take("a").close();
  }
}
