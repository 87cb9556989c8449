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

/**
 * Gives a reason to the calls on a channel that fail because the service behind it cannot be
 * reached; what the service itself answered stays as it is.
 */
public final class Backend implements ClientInterceptor {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Refusal down;

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
                boolean away =
                    status.getCode() == Status.Code.UNAVAILABLE
                        && RefusalWire.read(status, trailers).isEmpty();
                super.onClose(
                    away ? status.withDescription(down.message()) : status,
                    away ? RefusalWire.trailers(down) : trailers);
              }
            },
            headers);
      }
    };
  }
}
