package dev.facet.bootstrap;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * The gRPC call that the current thread answers: how long its caller waits, and whether it still
 * does.
 */
public final class CurrentCall {
  private static final Duration WITHOUT_A_CALL = Duration.ofMinutes(1);

  private CurrentCall() {}

  /**
   * When the caller stops waiting, on the scale of {@link System#nanoTime}; a minute from now on a
   * thread that answers no call.
   */
  public static long deadlineNanos() {
    Deadline deadline = Context.current().getDeadline();
    long remaining =
        deadline == null ? WITHOUT_A_CALL.toNanos() : deadline.timeRemaining(TimeUnit.NANOSECONDS);
    return System.nanoTime() + remaining;
  }

  /**
   * Ends work that nobody waits for any more; to be asked between the steps of long work.
   *
   * @throws Refusal DEADLINE_PASSED, CANCELLED
   */
  public static void requireWanted() {
    Context context = Context.current();
    Deadline deadline = context.getDeadline();
    if (deadline != null && deadline.isExpired()) {
      throw Refusal.of(Status.Code.DEADLINE_EXCEEDED, "DEADLINE_PASSED", "the deadline has passed");
    }
    if (context.isCancelled()) {
      throw Refusal.of(Status.Code.CANCELLED, "CANCELLED", "the call was cancelled");
    }
  }

  /**
   * Waits for work done elsewhere, and has it withdrawn when the caller leaves.
   *
   * @param work waits, blocking, and returns the result
   * @param withdraw ends the work early; called at most once, from another thread
   */
  public static <T> T await(Callable<T> work, Runnable withdraw) {
    Context context = Context.current();
    Context.CancellationListener left = cancelled -> withdraw.run();
    context.addListener(left, Runnable::run);
    try {
      return work.call();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Refusal.of(Status.Code.CANCELLED, "CANCELLED", "the call was cancelled");
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      context.removeListener(left);
    }
  }
}
