package dev.facet.bootstrap;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Refuses a message that is too large before it is parsed, with a reason that a client can tell
 * from shedding.
 *
 * <p>The transport's own limit answers the bare code {@code RESOURCE_EXHAUSTED}, so it is set to
 * twice ours: what lies between is refused here, and what lies above is cut off there, unread.
 */
final class MessageSizeInterceptor implements ServerInterceptor {
  /** Hands messages to interceptors as the bytes they came in. */
  static final MethodDescriptor.Marshaller<InputStream> BYTES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(InputStream value) {
          return value;
        }

        @Override
        public InputStream parse(InputStream stream) {
          return stream;
        }
      };

  private final int maxMessageBytes;

  MessageSizeInterceptor(int maxMessageBytes) {
    this.maxMessageBytes = maxMessageBytes;
  }

  /** The limit of the transport in front of this interceptor, in bytes. */
  static int transportLimit(int maxMessageBytes) {
    return 2 * maxMessageBytes;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      @Override
      @SuppressWarnings("unchecked") // ReqT is InputStream: the service speaks BYTES here.
      public void onMessage(ReqT message) {
        super.onMessage((ReqT) checked((InputStream) message));
      }
    };
  }

  private InputStream checked(InputStream message) {
    try {
      if (!(message instanceof KnownLength)) {
        return new Limited(message); // compressed: the size shows while reading
      }
      if (message.available() > maxMessageBytes) {
        throw tooLarge();
      }
      return message;
    } catch (IOException e) {
      throw new IllegalStateException("A message in memory could not be read", e);
    }
  }

  private Refusal tooLarge() {
    return Refusal.of(
            Status.Code.RESOURCE_EXHAUSTED,
            "IMAGE_TOO_LARGE",
            "the message is larger than the %d bytes accepted".formatted(maxMessageBytes))
        .with("max_message_bytes", Integer.toString(maxMessageBytes));
  }

  /** Refuses at the first byte above the limit. */
  private final class Limited extends FilterInputStream {
    private long read;

    Limited(InputStream in) {
      super(in);
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
      count(count);
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = super.skip(count);
      count(skipped);
      return skipped;
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    private void count(long count) {
      read += Math.max(0, count);
      if (read > maxMessageBytes) {
        throw tooLarge();
      }
    }
  }
}
