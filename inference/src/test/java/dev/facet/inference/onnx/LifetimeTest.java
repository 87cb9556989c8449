package dev.facet.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LifetimeTest {

  private final Lifetime lifetime = new Lifetime();
  private final AtomicInteger endings = new AtomicInteger();

  @Test
  void endWaitsForTheCallInside() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch mayLeave = new CountDownLatch(1);
    FutureTask<Integer> call =
        new FutureTask<>(
            () ->
                lifetime.during(
                    () -> {
                      entered.countDown();
                      mayLeave.await();
                      return endings.get();
                    }));
    Thread.ofPlatform().start(call);
    entered.await();
    Thread closer = Thread.ofPlatform().start(() -> lifetime.end(endings::incrementAndGet));
    while (closer.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(endings).hasValue(0);
    mayLeave.countDown();
    assertThat(call.get()).as("endings seen from inside the call").isZero();
    closer.join();
    assertThat(endings).hasValue(1);
  }

  @Test
  void callsAreInsideAtTheSameTime() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    FutureTask<Integer> other = new FutureTask<>(() -> lifetime.during(both::await));
    Thread.ofPlatform().start(other);
    lifetime.during(both::await);
    other.get();
  }

  @Test
  void endsOnceAndLetsNoMoreIn() {
    lifetime.end(endings::incrementAndGet);
    lifetime.end(endings::incrementAndGet);
    assertThat(endings).hasValue(1);
    assertThatThrownBy(() -> lifetime.during(() -> 1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void callThatThrowsHasLeft() {
    assertThatThrownBy(
            () ->
                lifetime.during(
                    () -> {
                      throw new IllegalArgumentException("of the call");
                    }))
        .hasMessage("of the call");
    lifetime.end(endings::incrementAndGet);
    assertThat(endings).hasValue(1);
  }
}
