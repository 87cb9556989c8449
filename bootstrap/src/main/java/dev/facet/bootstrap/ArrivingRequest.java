package dev.facet.bootstrap;

import io.grpc.Context;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Counts the request messages of one call as they arrive, and has the call refused at the piece
 * that finds no room. The transport tells it of every piece, on its own thread.
 */
final class ArrivingRequest extends ServerStreamTracer {
  private static final Context.Key<ArrivingRequest> KEY = Context.key("facet.arriving-request");

  private final BytesInFlight bytes;

  // Guarded by this.
  private @Nullable Runnable refuse;
  private @Nullable RequestShare arriving;
  private final Deque<RequestShare> arrived = new ArrayDeque<>();
  private boolean ended;

  ArrivingRequest(BytesInFlight bytes) {
    this.bytes = bytes;
  }

  /** Of the call that is being started on this thread. */
  static ArrivingRequest current() {
    return KEY.get();
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  /**
   * Begins to count. To be called before the first message is asked for.
   *
   * @param whenFull ends the call; called at most once, on the transport's thread
   */
  synchronized void count(Runnable whenFull) {
    refuse = whenFull;
  }

  @Override
  public void inboundWireSize(long size) {
    Runnable full = null;
    synchronized (this) {
      if (refuse == null || ended) {
        return; // health and reflection, or refused
      }
      if (arriving == null) {
        arriving = new RequestShare(bytes);
      }
      if (!arriving.grow(size + BytesInFlight.PIECE_BYTES)) {
        full = refuse;
        end();
      }
    }
    if (full != null) {
      full.run();
    }
  }

  @Override
  public synchronized void inboundMessageRead(int sequence, long wireSize, long inflatedSize) {
    if (arriving != null) {
      arrived.add(arriving);
      arriving = null;
    }
  }

  /**
   * The share of the next message that is delivered; nothing is counted in it if the call ended.
   */
  synchronized RequestShare delivered() {
    RequestShare share = arrived.poll();
    if (share != null) {
      return share;
    }
    RequestShare uncounted = new RequestShare(bytes);
    uncounted.close();
    return uncounted;
  }

  @Override
  public synchronized void streamClosed(Status status) {
    end();
  }

  private void end() {
    ended = true;
    if (arriving != null) {
      arriving.close();
      arriving = null;
    }
    arrived.forEach(RequestShare::close);
    arrived.clear();
  }
}
