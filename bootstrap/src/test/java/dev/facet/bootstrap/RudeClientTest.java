package dev.facet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that do not do what those of gRPC do by themselves, over real connections. */
@Timeout(60)
class RudeClientTest {
  private static final String METHOD = EchoService.ECHO.getFullMethodName();
  private static final byte[] PHOTO = BytesValue.of(ByteString.copyFromUtf8("photo")).toByteArray();

  /**
   * G06 (grpc-java #11872): a server is told of nothing when a deadline passes and the client does
   * not cancel, and so a place in a queue is freed by the Context alone.
   */
  @Test
  void deadlineOfAClientThatStaysSilentFreesItsPlace() throws Exception {
    AtomicInteger places = new AtomicInteger(1);
    CountDownLatch left = new CountDownLatch(1);
    try (TestHost test = TestHost.serving(waiting(places, left));
        RawHttp2 silent = new RawHttp2(test.host().grpcPort())) {
      RawHttp2.Call call = silent.call(METHOD, "1S");
      call.announce(PHOTO.length);
      call.send(PHOTO, true);
      left.await();
      assertThat(places).hasValue(1);
      awaitNoCalls(test);
    }
  }

  /** G06: the same of a client that has not even sent its request. */
  @Test
  void deadlineOfAClientThatSendsNothingMoreEndsItsCall() throws Exception {
    try (TestHost test = TestHost.serving(request -> request);
        RawHttp2 silent = new RawHttp2(test.host().grpcPort())) {
      silent.call(METHOD, "100m").announce(PHOTO.length);
      awaitNoCalls(test);
    }
  }

  /** G07: what is left of a storm is a closed connection; the calls of others do not notice. */
  @Test
  void connectionThatCancelsTooMuchIsClosedAndOthersAreNot() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (TestHost test =
            TestHost.serving(
                request -> {
                  awaitGate(gate);
                  return request;
                });
        RawHttp2 rude = new RawHttp2(test.host().grpcPort())) {
      Future<BytesValue> polite =
          ClientCalls.futureUnaryCall(
              test.channel().newCall(EchoService.ECHO, CallOptions.DEFAULT),
              BytesValue.of(ByteString.copyFromUtf8("polite")));
      for (int i = 0; i < 200; i++) {
        rude.call(METHOD, "").reset();
      }
      assertThat(rude.goAway()).as("200 in 30 s are allowed").isNotDone();
      RawHttp2.Call alive = rude.call(METHOD, "");
      alive.announce(PHOTO.length);
      alive.send(PHOTO, true);
      RawHttp2.Call last = rude.call(METHOD, "");
      last.reset();
      assertThat(rude.goAway().get()).isIn(RawHttp2.ENHANCE_YOUR_CALM, RawHttp2.UNHEARD);
      gate.countDown();
      assertThat(polite.get().getValue().toStringUtf8()).isEqualTo("polite");
      awaitNoCalls(test);
    }
  }

  /**
   * G07 behind a gateway: its one connection carries the calls of all its callers, and those who
   * give up must not end those of the others. So detector and embedder allow more.
   */
  @Test
  void callersOfOneConnectionMayCancelMoreWhereTheServiceAllowsIt() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (TestHost test =
        TestHost.serving(
            request -> {
              awaitGate(gate);
              return request;
            },
            "grpc.max-stream-resets=100000",
            "grpc.max-calls-per-connection=1000")) {
      ListenableFuture<BytesValue> patient = call(test);
      for (int i = 0; i < 400; i++) {
        call(test).cancel(true);
        awaitCalls(test, 1);
      }
      gate.countDown();
      assertThat(patient.get()).isEqualTo(BytesValue.getDefaultInstance());
    }
  }

  private static ListenableFuture<BytesValue> call(TestHost test) throws Exception {
    double before = value(test, "grpc.server.call.active");
    var call =
        ClientCalls.futureUnaryCall(
            test.channel().newCall(EchoService.ECHO, CallOptions.DEFAULT),
            BytesValue.getDefaultInstance());
    while (value(test, "grpc.server.call.active") <= before && !call.isDone()) {
      Thread.sleep(1); // on its way: what is cancelled before it left is never reset
    }
    return call;
  }

  private static UnaryOperator<BytesValue> waiting(AtomicInteger places, CountDownLatch left) {
    return request -> {
      places.decrementAndGet();
      CountDownLatch withdrawn = new CountDownLatch(1);
      CurrentCall.await(
          () -> {
            withdrawn.await();
            return request;
          },
          () -> {
            places.incrementAndGet();
            left.countDown();
            withdrawn.countDown();
          });
      return request;
    };
  }

  private static void awaitGate(CountDownLatch gate) {
    CurrentCall.awaitInterruptibly(
        () -> {
          gate.await();
          return gate;
        });
  }

  private static void awaitNoCalls(TestHost test) throws Exception {
    awaitCalls(test, 0);
  }

  private static void awaitCalls(TestHost test, int calls) throws Exception {
    while (value(test, "grpc.server.call.active") > calls) {
      Thread.sleep(2); // a gauge tells nobody when it moves
    }
  }

  private static double value(TestHost test, String gauge) {
    return test.host().meters().get(gauge).gauge().value();
  }
}
