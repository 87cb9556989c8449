package dev.facet.bootstrap;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

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
   * Does long or native work on a platform thread of its own and waits for it. The work goes on
   * when the caller leaves.
   *
   * @param name of the thread
   */
  public static <T> T awaitOnPlatformThread(String name, Supplier<? extends T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofPlatform().daemon().name(name).start(() -> complete(result, work));
    return awaitInterruptibly(() -> outcome(result));
  }

  /** Waits for something that an interrupt lets go of, as it does when the caller leaves. */
  public static <T> T awaitInterruptibly(Callable<T> wait) {
    return await(wait, Thread.currentThread()::interrupt);
  }

  private static <T> void complete(CompletableFuture<T> result, Supplier<? extends T> work) {
    try {
      result.complete(work.get());
    } catch (Throwable failure) {
      result.completeExceptionally(failure);
    }
  }

  private static <T> T outcome(CompletableFuture<T> result) throws InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause()); // unchecked, and read by the error table
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
