package dev.facet.bootstrap;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a reason to the calls on a channel that fail because the service behind it cannot be
 * reached, or does not accept this one as its caller; what else the service answered stays as it
 * is.
 *
 * <p>Why is written to the log, once a minute at most, and not told to the caller.
 */
public final class Backend implements ClientInterceptor {
  private static final Logger log = LoggerFactory.getLogger(Backend.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final Duration TELL_EVERY = Duration.ofMinutes(1);

  private final Refusal down;
  private final AtomicLong lastTold = new AtomicLong(System.nanoTime() - TELL_EVERY.toNanos() - 1);

  /**
   * A backend by the answer that callers get while it is away.
   *
   * @param reason such as {@code DETECTOR_DOWN}
   * @param message a public sentence, without an address
   */
  public Backend(String reason, String message) {
    down = Refusal.of(Status.Code.UNAVAILABLE, reason, message).retryAfter(RETRY_AFTER);
  }

  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<RespT> listener, Metadata headers) {
        super.start(
            new SimpleForwardingClientCallListener<>(listener) {
              @Override
              public void onClose(Status status, Metadata trailers) {
                boolean away = isAway(status, trailers);
                if (away) {
                  tell(status);
                }
                super.onClose(
                    away ? Status.UNAVAILABLE.withDescription(down.message()) : status,
                    away ? RefusalWire.trailers(down) : trailers);
              }
            },
            headers);
      }
    };
  }

  private static boolean isAway(Status status, Metadata trailers) {
    return switch (status.getCode()) {
      case UNAVAILABLE -> RefusalWire.read(status, trailers).isEmpty();
      case UNAUTHENTICATED, PERMISSION_DENIED -> true;
      default -> false;
    };
  }

  private void tell(Status status) {
    long now = System.nanoTime();
    long last = lastTold.get();
    if (now - last > TELL_EVERY.toNanos() && lastTold.compareAndSet(last, now)) {
      log.warn("{}, {}: {}", down.reason(), down.message(), why(status));
    }
  }

  /** The innermost cause, which of a handshake that failed is the only telling one. */
  private static String why(Status status) {
    Throwable cause = status.getCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return "%s %s%s"
        .formatted(status.getCode(), status.getDescription(), cause == null ? "" : ": " + cause);
  }
}
