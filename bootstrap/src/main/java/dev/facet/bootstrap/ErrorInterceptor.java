package dev.facet.bootstrap;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers with the {@link ErrorTable} when a handler throws, and when it ends a call with an error
 * that is not ours. One place suffices because handlers block: their exceptions surface here.
 */
final class ErrorInterceptor implements ServerInterceptor {
  private static final Logger log = LoggerFactory.getLogger(ErrorInterceptor.class);

  private final ErrorTable table;
  private final MeterRegistry meters;

  ErrorInterceptor(ErrorTable table, MeterRegistry meters) {
    this.table = table;
    this.meters = meters;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    AnsweredCall<ReqT, RespT> answered = new AnsweredCall<>(call);
    try {
      return new GuardedListener<>(next.startCall(answered, headers), answered);
    } catch (Throwable thrown) {
      answered.refuse(thrown);
      return new ServerCall.Listener<>() {};
    }
  }

  /**
   * A call that ends once, in our words. Its lock lets the deadline or a refused message end it
   * while threads of the handler still send; what they send after that is dropped.
   */
  private final class AnsweredCall<ReqT, RespT> extends SimpleForwardingServerCall<ReqT, RespT> {
    private boolean ended; // guarded by this
    private volatile boolean refused; // written under this

    AnsweredCall(ServerCall<ReqT, RespT> call) {
      super(call);
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
      if (!refused) {
        super.sendHeaders(headers);
      }
    }

    @Override
    public synchronized void sendMessage(RespT message) {
      if (!refused) {
        super.sendMessage(message);
      }
    }

    @Override
    public void close(Status status, Metadata trailers) {
      Throwable cause = status.getCause();
      if (status.isOk()) {
        complete(status, trailers);
      } else if (status.getCode() == Status.Code.UNIMPLEMENTED) {
        // What generated code answers for an RPC that the service does not override.
        String method = getMethodDescriptor().getFullMethodName();
        refuse(Refusal.of(status.getCode(), "NOT_BUILT", method + " is not built yet"));
      } else if (status.getCode() == Status.Code.UNKNOWN && cause != null) {
        // How stubs wrap what a handler passed to onError.
        refuse(cause);
      } else {
        refuse(status.asRuntimeException(trailers));
      }
    }

    private synchronized void complete(Status status, Metadata trailers) {
      if (!refused) {
        ended = true;
        super.close(status, trailers);
      }
    }

    void refuse(Throwable thrown) {
      if (isCancelled()) {
        log.debug("The handler of a call that its caller gave up ended with", thrown);
        return;
      }
      Refusal refusal = table.refusal(thrown);
      synchronized (this) {
        if (!ended) {
          ended = true;
          refused = true;
          count(refusal.reason());
          super.close(
              Status.fromCode(refusal.code()).withDescription(refusal.message()),
              RefusalWire.trailers(refusal));
        }
      }
    }

    private void count(String reason) {
      Counter.builder("facet.refusals")
          .description("Calls that were not answered with a result, by reason")
          .tag("grpc.method", getMethodDescriptor().getFullMethodName())
          .tag("reason", reason)
          .register(meters)
          .increment();
    }
  }

  /** Passes events on until the call is refused, and refuses it when the handler throws. */
  private static final class GuardedListener<ReqT> extends ForwardingServerCallListener<ReqT> {
    private final ServerCall.Listener<ReqT> listener;
    private final ErrorInterceptor.AnsweredCall<ReqT, ?> call;

    GuardedListener(ServerCall.Listener<ReqT> listener, AnsweredCall<ReqT, ?> call) {
      this.listener = listener;
      this.call = call;
    }

    @Override
    protected ServerCall.Listener<ReqT> delegate() {
      return listener;
    }

    @Override
    public void onMessage(ReqT message) {
      guarded(() -> listener.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      guarded(listener::onHalfClose);
    }

    @Override
    public void onReady() {
      guarded(listener::onReady);
    }

    /** A handler that did not end the call itself learns that it has ended. */
    @Override
    public void onComplete() {
      if (call.refused) {
        listener.onCancel();
      } else {
        listener.onComplete();
      }
    }

    private void guarded(Runnable event) {
      if (call.refused) {
        return;
      }
      try {
        event.run();
      } catch (Throwable thrown) {
        call.refuse(thrown);
      }
    }
  }
}
