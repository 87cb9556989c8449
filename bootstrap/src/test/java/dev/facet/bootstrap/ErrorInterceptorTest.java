package dev.facet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.BytesValue;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorInterceptorTest {
  private final ErrorInterceptor interceptor =
      new ErrorInterceptor(ErrorTable.standard(), new SimpleMeterRegistry());

  @Test
  void handlerThatFailsBeforeTheFirstMessageIsAnswered() {
    Call call = new Call(false);
    interceptor.interceptCall(
        call,
        new Metadata(),
        (c, h) -> {
          throw Refusal.of(Status.Code.NOT_FOUND, "FACE_NOT_FOUND", "no face f-1");
        });
    assertThat(call.answers).extracting(Status::getCode).containsExactly(Status.Code.NOT_FOUND);
  }

  @Test
  void refusedCallIsAnsweredOnceAndHearsNoMore() {
    Call call = new Call(false);
    Refusals handler = new Refusals();
    ServerCall.Listener<BytesValue> listener =
        interceptor.interceptCall(call, new Metadata(), (c, h) -> handler);
    listener.onMessage(BytesValue.getDefaultInstance());
    listener.onMessage(BytesValue.getDefaultInstance());
    listener.onHalfClose();
    assertThat(call.answers).extracting(Status::getCode).containsExactly(Status.Code.NOT_FOUND);
    assertThat(handler.events).isEqualTo(1);
  }

  @Test
  void accidentOfACallThatWasGivenUpIsNoError() {
    Call call = new Call(true);
    try (CapturedLog log = CapturedLog.of(ErrorTable.class)) {
      interceptor.interceptCall(
          call,
          new Metadata(),
          (c, h) -> {
            throw new IllegalStateException("interrupted");
          });
      assertThat(log.text()).isEmpty();
    }
    assertThat(call.answers).isEmpty();
  }

  /** A handler that refuses whatever happens, and counts. */
  private static final class Refusals extends ServerCall.Listener<BytesValue> {
    private int events;

    @Override
    public void onMessage(BytesValue message) {
      onHalfClose();
    }

    @Override
    public void onHalfClose() {
      events++;
      throw Refusal.of(Status.Code.NOT_FOUND, "FACE_NOT_FOUND", "no face f-1");
    }
  }

  /** A call that keeps its answers. */
  private static final class Call extends ServerCall<BytesValue, BytesValue> {
    private final boolean cancelled;
    private final List<Status> answers = new ArrayList<>();

    Call(boolean cancelled) {
      this.cancelled = cancelled;
    }

    @Override
    public void request(int count) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(BytesValue message) {}

    @Override
    public void close(Status status, Metadata trailers) {
      answers.add(status);
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public MethodDescriptor<BytesValue, BytesValue> getMethodDescriptor() {
      return EchoService.ECHO;
    }
  }
}
