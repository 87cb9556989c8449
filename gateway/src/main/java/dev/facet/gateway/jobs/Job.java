package dev.facet.gateway.jobs;

import com.google.protobuf.Message;

/** Work that outlives the call that asked for it. */
@FunctionalInterface
public interface Job {
  /**
   * Does the work, on a thread of its own, and returns the operation's result.
   *
   * @throws java.util.concurrent.CancellationException when {@link Progress} says that it is not
   *     wanted any more
   */
  Message run(Progress progress) throws InterruptedException;
}
