package dev.facet.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Rights within one process. */
class ProcessLocksTest {
  private final ProcessLocks locks = new ProcessLocks();

  @Test
  void lockIsOneHoldersUntilItIsGivenBack() {
    SharedLock held = locks.tryLock("settling").orElseThrow();
    assertThat(held.held()).isTrue();
    assertThat(locks.tryLock("settling")).isEmpty();
    assertThat(locks.tryLock("sweeping")).isPresent();
    held.close();
    assertThat(held.held()).isFalse();
    assertThat(locks.tryLock("settling")).isPresent();
  }

  @Test
  void secondGivingBackDoesNotTakeTheLockFromTheNextHolder() {
    SharedLock first = locks.tryLock("settling").orElseThrow();
    first.close();
    SharedLock second = locks.tryLock("settling").orElseThrow();
    first.close();
    assertThat(second.held()).isTrue();
    assertThat(locks.tryLock("settling")).isEmpty();
  }

  @Test
  void holderIsToldWhenTheLedgerIsClosed() {
    SharedLock held = locks.tryLock("settling").orElseThrow();
    locks.close();
    assertThat(held.held()).isFalse();
    SharedLock next = locks.tryLock("settling").orElseThrow();
    held.close();
    assertThat(next.held()).isTrue();
    assertThat(locks.tryLock("settling")).isEmpty();
  }

  @Test
  void oneOfManyThatAskAtOnceGetsIt() throws Exception {
    for (int round = 0; round < 200; round++) {
      String name = "round" + round;
      CountDownLatch begin = new CountDownLatch(1);
      try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
        List<Future<Optional<SharedLock>>> answers = new ArrayList<>();
        Callable<Optional<SharedLock>> ask =
            () -> {
              begin.await();
              return locks.tryLock(name);
            };
        for (int i = 0; i < 4; i++) {
          answers.add(threads.submit(ask));
        }
        begin.countDown();
        int got = 0;
        for (Future<Optional<SharedLock>> answer : answers) {
          got += answer.get().isPresent() ? 1 : 0;
        }
        assertThat(got).isOne();
      }
    }
  }
}
