package dev.facet.bootstrap;

import io.grpc.Context;
import org.jspecify.annotations.Nullable;

/**
 * What one request message holds of the {@link BytesInFlight}, from its first byte until it is
 * closed: by the transport if the call ends before the message reaches its handler, and after that
 * by whoever has it.
 */
final class RequestShare implements AutoCloseable {
  private static final Context.Key<RequestShare> DELIVERED = Context.key("facet.request-share");

  private final BytesInFlight bytes;

  // Guarded by this.
  private long total;
  private boolean closed;
  private boolean takenOver;

  RequestShare(BytesInFlight bytes) {
    this.bytes = bytes;
  }

  /** Adds bytes that are in memory already; false if there is no room for them. */
  synchronized boolean grow(long more) {
    if (closed) {
      return true;
    }
    long before = counted();
    total += more;
    long added = counted() - before;
    return added == 0 || bytes.add(added);
  }

  private long counted() {
    return Math.max(0, total - BytesInFlight.FREE_BYTES);
  }

  /** Hands a message to its handler, which may take over its share meanwhile. */
  void deliver(Runnable delivery) {
    Context.current().withValue(DELIVERED, this).run(delivery);
  }

  /**
   * The share of the message that is being delivered on this thread; who takes it over closes it
   * when the request is answered. Null where nothing is counted.
   */
  static @Nullable RequestShare takeOver() {
    RequestShare delivered = DELIVERED.get();
    if (delivered != null) {
      delivered.markTakenOver();
    }
    return delivered;
  }

  private synchronized void markTakenOver() {
    takenOver = true;
  }

  synchronized boolean isTakenOver() {
    return takenOver;
  }

  /** Gives the bytes back. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      bytes.remove(counted());
    }
  }
}
