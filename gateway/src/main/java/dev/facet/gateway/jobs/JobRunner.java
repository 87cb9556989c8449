package dev.facet.gateway.jobs;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.facet.bootstrap.ErrorTable;
import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.ledger.LedgerException;
import dev.facet.gateway.ledger.Operation;
import dev.facet.gateway.ledger.Operation.State;
import dev.facet.gateway.ledger.Operations;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the long jobs of this gateway, a few at a time, and keeps the ledger told of them.
 *
 * <p>Once a second every job is reported to the ledger, whether it has moved or not, and the answer
 * says whether it is still wanted; so it can be watched and cancelled through any gateway, and the
 * others notice when this one dies. A job that waits for its turn is reported, too.
 */
public final class JobRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JobRunner.class);
  private static final int AT_ONCE = 2;
  private static final int UNDER_WAY = 16;
  private static final Duration REPORT_EVERY = Duration.ofSeconds(1);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final Duration KEPT = Duration.ofDays(30);
  private static final Duration STOP = Duration.ofSeconds(10);
  private static final byte[] NOTHING = {};

  private final Operations operations;
  private final ErrorTable errors;
  private final Silence silence;
  private final Map<String, Running> jobs = new ConcurrentHashMap<>();
  private final Semaphore room = new Semaphore(UNDER_WAY);
  private final ExecutorService threads =
      Executors.newFixedThreadPool(AT_ONCE, Thread.ofPlatform().daemon().name("job-", 1).factory());
  private final ScheduledExecutorService reports =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("job-reports").factory());
  private volatile boolean closing;

  private static final class Running {
    final String id;
    final Job job;
    final Progress progress = new Progress();
    volatile State state = State.PENDING;

    Running(String id, Job job) {
      this.id = id;
      this.job = job;
    }
  }

  /**
   * Begins to look after the jobs of gateways that have died.
   *
   * @param errors turns what a job throws into what its operation says
   */
  public JobRunner(Operations operations, ErrorTable errors) {
    this(operations, errors, LOOK_EVERY, SILENCE);
  }

  /**
   * The same, with times of its own.
   *
   * @param lookEvery how often it listens for the jobs under way
   * @param silence after which one counts as abandoned
   */
  JobRunner(Operations operations, ErrorTable errors, Duration lookEvery, Duration silence) {
    this.operations = operations;
    this.errors = errors;
    this.silence = new Silence(silence);
    every(REPORT_EVERY, () -> jobs.values().forEach(this::report));
    every(lookEvery, this::failAbandoned);
    every(KEPT.dividedBy(30), () -> operations.forget(KEPT));
  }

  /**
   * Begins a job.
   *
   * @param collectionId may be empty, for all of the tenant's
   * @throws Refusal QUEUE_FULL
   * @throws dev.facet.gateway.ledger.LedgerRefusal OPERATION_RUNNING
   */
  public Operation start(String tenant, String kind, String collectionId, Job job) {
    if (!room.tryAcquire()) {
      throw Refusal.of(
              Status.Code.UNAVAILABLE,
              "QUEUE_FULL",
              "%d long jobs are under way in this gateway".formatted(UNDER_WAY))
          .retryAfter(LOOK_EVERY);
    }
    try {
      Operation operation = operations.begin(tenant, kind, collectionId);
      Running running = new Running(operation.id(), job);
      jobs.put(running.id, running);
      threads.execute(() -> run(running));
      return operation;
    } catch (RuntimeException e) {
      room.release();
      throw e;
    }
  }

  private void run(Running running) {
    running.state = State.RUNNING;
    try {
      report(running);
      running.progress.requireWanted();
      Message result = running.job.run(running.progress);
      report(running);
      end(running, State.SUCCEEDED, NOTHING, Any.pack(result).toByteArray());
    } catch (CancellationException | InterruptedException e) {
      if (closing) {
        end(running, State.FAILED, interrupted(), NOTHING);
      } else {
        end(running, State.CANCELLED, NOTHING, NOTHING);
      }
    } catch (RuntimeException | Error e) {
      log.warn("The long job {} failed", running.id, e);
      end(running, State.FAILED, errors.status(e).toByteArray(), NOTHING);
    } finally {
      jobs.remove(running.id);
      room.release();
    }
  }

  private void report(Running running) {
    Progress progress = running.progress;
    if (!operations.report(running.id, running.state, progress.done(), progress.expected())) {
      progress.stop();
    }
  }

  /** What came of hours of work must not be lost because the ledger is away for a moment. */
  private void end(Running running, State state, byte[] error, byte[] result) {
    while (true) {
      try {
        operations.end(running.id, state, error, result);
        return;
      } catch (LedgerException e) {
        log.warn("The end of the long job {} could not be written", running.id, e);
        try {
          TimeUnit.NANOSECONDS.sleep(REPORT_EVERY.toNanos());
        } catch (InterruptedException closed) {
          return; // other gateways, or the next life of this one, will find it abandoned
        }
      }
    }
  }

  private void failAbandoned() {
    silence
        .of(operations.heartbeats(), System.nanoTime())
        .forEach(
            (id, heartbeat) -> {
              if (operations.failSilent(id, heartbeat, interrupted())) {
                log.warn("The long job {} was abandoned by its gateway", id);
              }
            });
  }

  private byte[] interrupted() {
    return errors
        .status(
            Refusal.of(
                Status.Code.UNAVAILABLE,
                "OPERATION_INTERRUPTED",
                "the gateway that ran it has ended; it can be started again"))
        .toByteArray();
  }

  private void every(Duration interval, Runnable work) {
    var _ =
        reports.scheduleWithFixedDelay(
            () -> {
              try {
                work.run();
              } catch (RuntimeException | Error e) { // what is thrown from here is never run again
                log.warn("The ledger could not be told of the long jobs; trying again", e);
              }
            },
            0,
            interval.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  /** Stops the jobs, which fail. */
  @Override
  public void close() {
    closing = true;
    reports.shutdownNow();
    jobs.values().forEach(running -> running.progress.stop());
    threads.shutdown();
    try {
      if (!threads.awaitTermination(STOP.toNanos(), TimeUnit.NANOSECONDS)) {
        threads.shutdownNow();
        if (!threads.awaitTermination(STOP.toNanos(), TimeUnit.NANOSECONDS)) {
          log.warn("A long job does not stop");
        }
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
