package dev.facet.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.jdbi.v3.core.transaction.TransactionHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {
  private static final int CAPACITY = 100;

  @TempDir Path directory;

  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger commits = new AtomicInteger();
  private final CountDownLatch gate = new CountDownLatch(1);
  private HikariDataSource source;
  private Jdbi jdbi;
  private GroupCommit writes;

  @BeforeEach
  void open() {
    source = SqliteFile.writer(directory.resolve("ledger.db"));
    jdbi = Jdbi.create(source);
    jdbi.setTransactionHandler(new CountingTransactions());
    writes = new GroupCommit(jdbi, _ -> {}, (_, _) -> {}, new Watermark(), CAPACITY);
  }

  @AfterEach
  void close() {
    gate.countDown();
    callers.close();
    writes.close();
    source.close();
  }

  /** JDBI's own transactions, counted. */
  private final class CountingTransactions extends LocalTransactionHandler {
    @Override
    public TransactionHandler specialize(Handle handle) {
      return this;
    }

    @Override
    public void commit(Handle handle) {
      super.commit(handle);
      commits.incrementAndGet();
    }
  }

  private static int add(Handle handle, String tenant) {
    return handle.execute("INSERT INTO tenant (tenant_id, created) VALUES (?, 0)", tenant);
  }

  private List<String> tenants() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT tenant_id FROM tenant ORDER BY tenant_id")
                .mapTo(String.class)
                .list());
  }

  /** Keeps the writer busy until the gate opens, and everybody else waiting. */
  private void shutTheGate() {
    CountDownLatch shut = new CountDownLatch(1);
    callers.execute(
        () ->
            writes.commit(
                _ -> {
                  shut.countDown();
                  awaitGate();
                  return "";
                }));
    assertThat(await(shut)).isTrue();
  }

  private void awaitGate() {
    assertThat(await(gate)).isTrue();
  }

  private static boolean await(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private void untilWaiting(int units) {
    while (writes.waiting() < units) {
      Thread.onSpinWait();
    }
  }

  @Test
  void unitsThatWaitShareOneCommit() throws Exception {
    shutTheGate();
    List<Future<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < CAPACITY; i++) {
      String tenant = "t" + i;
      answers.add(callers.submit(() -> writes.commit(handle -> add(handle, tenant))));
    }
    untilWaiting(CAPACITY);

    gate.countDown();

    for (Future<Integer> answer : answers) {
      assertThat(answer.get()).isOne();
    }
    assertThat(tenants()).hasSize(CAPACITY);
    assertThat(commits).hasValue(2);
  }

  @Test
  void unitThatFailsHurtsNobodyElse() throws Exception {
    shutTheGate();
    Future<Integer> before = callers.submit(() -> writes.commit(handle -> add(handle, "a")));
    untilWaiting(1);
    Future<Integer> refused =
        callers.submit(
            () ->
                writes.commit(
                    handle -> {
                      add(handle, "b");
                      throw new LedgerRefusal(LedgerRefusal.Reason.INVALID_ID, "no");
                    }));
    untilWaiting(2);
    Future<Integer> wrong = callers.submit(() -> writes.commit(handle -> add(handle, "a")));
    untilWaiting(3);
    Future<Integer> after = callers.submit(() -> writes.commit(handle -> add(handle, "c")));
    untilWaiting(4);

    gate.countDown();

    assertThat(before.get()).isOne();
    assertThat(after.get()).isOne();
    assertThatThrownBy(refused::get).hasCauseInstanceOf(LedgerRefusal.class);
    assertThatThrownBy(wrong::get).hasCauseInstanceOf(LedgerException.class);
    assertThat(tenants()).containsExactly("a", "c");
    assertThat(commits).hasValue(2);
  }

  @Test
  void errorFailsItsGroupAndNotTheWriter() {
    assertThatThrownBy(
            () ->
                writes.commit(
                    handle -> {
                      add(handle, "a");
                      throw new AssertionError("a unit with a fault");
                    }))
        .isInstanceOf(LedgerException.class);
    writes.commit(handle -> add(handle, "b"));
    assertThat(tenants()).containsExactly("b");
  }

  @Test
  void oneMoreThanMayWaitIsRefused() throws Exception {
    shutTheGate();
    List<Future<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < CAPACITY; i++) {
      answers.add(callers.submit(() -> writes.commit(_ -> 1)));
    }
    untilWaiting(CAPACITY);
    assertThatThrownBy(() -> writes.commit(_ -> 1)).isInstanceOf(LedgerBusyException.class);
    gate.countDown();
    for (Future<Integer> answer : answers) {
      assertThat(answer.get()).isOne();
    }
  }

  @Test
  void closingCommitsWhatWaits() throws Exception {
    shutTheGate();
    Future<Integer> waiting = callers.submit(() -> writes.commit(handle -> add(handle, "a")));
    untilWaiting(1);
    callers.execute(gate::countDown);
    writes.close();
    assertThat(waiting.get()).isOne();
    assertThat(tenants()).containsExactly("a");
    assertThatThrownBy(() -> writes.commit(_ -> 1)).isInstanceOf(LedgerException.class);
  }

  @Test
  void fullDiskIsSaidAndReadingGoesOn() throws ExecutionException, InterruptedException {
    writes.commit(handle -> add(handle, "a"));
    writes.commit(
        handle -> {
          int pages = handle.createQuery("PRAGMA page_count").mapTo(Integer.class).one();
          return handle.createQuery("PRAGMA max_page_count = " + pages).mapTo(Integer.class).one();
        });
    String large = "x".repeat(1 << 20);
    assertThatThrownBy(() -> writes.commit(handle -> add(handle, large)))
        .isInstanceOf(LedgerFullException.class);
    writes.commit(handle -> add(handle, "b"));
    assertThat(tenants()).containsExactly("a", "b");
  }
}
