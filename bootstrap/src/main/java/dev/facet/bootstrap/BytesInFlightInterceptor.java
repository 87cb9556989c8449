package dev.facet.bootstrap;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Ends a call whose request finds no room among the {@link BytesInFlight}, and gives the bytes of
 * the others back when they are answered: a unary call's when its handler has returned, a message
 * of a stream when whoever took its share over is done with it, and all others with their call.
 */
final class BytesInFlightInterceptor implements ServerInterceptor {
  private final BytesInFlight bytes;

  BytesInFlightInterceptor(BytesInFlight bytes) {
    this.bytes = bytes;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    ArrivingRequest arriving = ArrivingRequest.current();
    arriving.count(() -> call.close(Status.UNKNOWN.withCause(bytes.full()), new Metadata()));
    boolean unary = call.getMethodDescriptor().getType().clientSendsOneMessage();
    return new Counted<>(next.startCall(call, headers), arriving, unary);
  }

  private final class Counted<ReqT> extends SimpleForwardingServerCallListener<ReqT> {
    private final ArrivingRequest arriving;
    private final boolean unary;
    private final Deque<RequestShare> kept = new ArrayDeque<>(); // events come one at a time

    Counted(ServerCall.Listener<ReqT> listener, ArrivingRequest arriving, boolean unary) {
      super(listener);
      this.arriving = arriving;
      this.unary = unary;
    }

    @Override
    @SuppressWarnings("unchecked") // ReqT is InputStream: the service speaks BYTES here.
    public void onMessage(ReqT message) {
      RequestShare share = arriving.delivered();
      InputStream stream = (InputStream) message;
      ReqT counted = (ReqT) (stream instanceof KnownLength ? stream : new Inflating(stream, share));
      try {
        share.deliver(() -> super.onMessage(counted));
      } finally {
        if (!share.isTakenOver()) {
          kept.add(share);
        }
      }
    }

    @Override
    public void onHalfClose() {
      try {
        super.onHalfClose(); // a unary call's handler blocks in here
      } finally {
        if (unary) {
          giveBack();
        }
      }
    }

    @Override
    public void onCancel() {
      try {
        super.onCancel();
      } finally {
        giveBack();
      }
    }

    @Override
    public void onComplete() {
      try {
        super.onComplete();
      } finally {
        giveBack();
      }
    }

    private void giveBack() {
      kept.forEach(RequestShare::close);
      kept.clear();
    }
  }

  /** A compressed message: what comes out of it is in memory beside what it came as. */
  private final class Inflating extends FilterInputStream {
    private final RequestShare share;

    Inflating(InputStream in, RequestShare share) {
      super(in);
      this.share = share;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, length);
      count(Math.max(0, count));
      return count;
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    private void count(int count) {
      if (!share.grow(count)) {
        throw bytes.full();
      }
    }
  }
}
