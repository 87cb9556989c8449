package dev.facet.gateway.ledger;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The one writer of a ledger: merges the units of concurrent callers into few transactions. */
final class GroupCommit implements AutoCloseable {
  /*
   * What. A durable commit costs a sync of the disk, milliseconds whatever its size. Callers queue
   * their units; one thread takes all that wait, runs them in one transaction and commits once. A
   * unit that comes while the disk syncs waits for the next group, so a slow disk makes groups
   * larger by itself: there is no delay to choose.
   *
   * Guarantees. commit() returns after the transaction that holds the unit is durable, or throws
   * when nothing of the unit is stored. Units take effect in the order of their groups and never
   * overlap, so a unit may read, decide and write. A unit that throws is rolled back to its own
   * savepoint, and its group goes on without it. Only what hurts the transaction itself (disk full,
   * connection lost) fails the group. Then a commit may have reached the disk although its caller
   * was told otherwise; every unit can be repeated, which settles it.
   *
   * Locking. One lock for queue and state; it is never held while SQL runs or a caller is answered.
   *
   * Why not let callers write, each with its own connection? SQLite has one writer: they would poll
   * for its lock and sync one after the other. And why a thread, not the first caller as leader?
   * Callers are virtual threads, and a sync in native code would hold on to their carrier.
   */
  private static final int GROUP = 256;

  private final Jdbi writer;
  private final Consumer<Handle> begin;
  private final BiConsumer<Handle, List<AuditEntry>> audit;
  private final Watermark committed;
  private final int capacity;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();

  /* Both guarded by lock. */
  private final ArrayDeque<Unit<?>> waiting = new ArrayDeque<>();
  private boolean closed;

  /**
   * Starts the writer.
   *
   * @param begin runs first in every transaction
   * @param audit runs last in those that have something to record, with all of it
   * @param committed raised to the newest sequence number after every commit
   * @param capacity how many units may wait
   */
  GroupCommit(
      Jdbi writer,
      Consumer<Handle> begin,
      BiConsumer<Handle, List<AuditEntry>> audit,
      Watermark committed,
      int capacity) {
    this.writer = writer;
    this.begin = begin;
    this.audit = audit;
    this.committed = committed;
    this.capacity = capacity;
    thread = Thread.ofPlatform().name("ledger-writer").daemon().start(this::write);
  }

  /**
   * What the unit returned, once it is durable.
   *
   * @throws LedgerBusyException when too many units wait
   * @throws LedgerException when the unit could not be committed
   * @throws RuntimeException that the unit threw
   */
  <T> T commit(Function<Handle, T> work) {
    return commit(work, _ -> Optional.empty());
  }

  /**
   * The same, recorded in the audit log by the same transaction.
   *
   * @param entry what to record, by what the unit returned
   */
  <T> T commit(Function<Handle, T> work, Function<T, Optional<AuditEntry>> entry) {
    Unit<T> unit = new Unit<>(work, entry);
    lock.lock();
    try {
      if (closed) {
        throw new LedgerException("the ledger is closed");
      }
      if (waiting.size() == capacity) {
        throw new LedgerBusyException(capacity);
      }
      waiting.add(unit);
      arrived.signal();
    } finally {
      lock.unlock();
    }
    return unit.answer();
  }

  /** How many units wait for the next group. */
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  private void write() {
    while (true) {
      List<Unit<?>> group = nextGroup();
      if (group.isEmpty()) {
        return;
      }
      commit(group);
    }
  }

  /** Empty when there will be no more. */
  private List<Unit<?>> nextGroup() {
    List<Unit<?>> group = new ArrayList<>();
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        arrived.awaitUninterruptibly();
      }
      while (!waiting.isEmpty() && group.size() < GROUP) {
        group.add(waiting.remove());
      }
      return group;
    } finally {
      lock.unlock();
    }
  }

  private void commit(List<Unit<?>> group) {
    try {
      committed.raise(
          writer.inTransaction(
              handle -> {
                begin.accept(handle);
                group.forEach(unit -> unit.run(handle));
                record(handle, group);
                return ChangeSequence.newest(handle);
              }));
    } catch (Throwable e) {
      RuntimeException failure = SqlFailure.translated(e);
      group.forEach(unit -> unit.fail(failure));
    }
    group.forEach(Unit::finish);
  }

  private void record(Handle handle, List<Unit<?>> group) {
    List<AuditEntry> entries = group.stream().flatMap(unit -> unit.entry.stream()).toList();
    if (!entries.isEmpty()) {
      audit.accept(handle, entries);
    }
  }

  /** Commits what waits and stops. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** One caller's work and what came of it; answered only after the group's commit. */
  private static final class Unit<T> {
    private static final String SAVEPOINT = "unit";

    private final Function<Handle, T> work;
    private final Function<T, Optional<AuditEntry>> toEntry;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private Runnable finish = () -> {};
    private Optional<AuditEntry> entry = Optional.empty();

    Unit(Function<Handle, T> work, Function<T, Optional<AuditEntry>> toEntry) {
      this.work = work;
      this.toEntry = toEntry;
    }

    void run(Handle handle) {
      handle.savepoint(SAVEPOINT);
      try {
        T result = work.apply(handle);
        entry = toEntry.apply(result);
        handle.releaseSavepoint(SAVEPOINT);
        finish = () -> answer.complete(result);
      } catch (RuntimeException e) {
        rollback(handle, e);
        fail(SqlFailure.translated(e));
      }
    }

    /** Where the failure has undone the whole transaction already, it is the group's. */
    private static void rollback(Handle handle, RuntimeException failure) {
      try {
        handle.rollbackToSavepoint(SAVEPOINT);
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
        throw failure;
      }
    }

    void fail(RuntimeException failure) {
      finish = () -> answer.completeExceptionally(failure);
    }

    void finish() {
      finish.run();
    }

    T answer() {
      try {
        return answer.join();
      } catch (CompletionException e) {
        throw e.getCause() instanceof RuntimeException failure ? failure : e;
      }
    }
  }
}
