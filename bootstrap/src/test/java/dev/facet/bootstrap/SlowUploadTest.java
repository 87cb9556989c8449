package dev.facet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** G25: clients that send a byte now and then, with a deadline of hours. */
@Timeout(60)
class SlowUploadTest {
  private static final String METHOD = EchoService.ECHO.getFullMethodName();
  private static final int CONNECTIONS = 200;
  private static final String DEADLINE_EXCEEDED = "4";
  private static final BytesValue PHOTO = BytesValue.of(ByteString.copyFromUtf8("photo"));

  @Test
  void callsThatArriveTooSlowlyAreEndedAndHoldNobodyUp() throws Exception {
    try (TestHost test = TestHost.serving(request -> request, "grpc.arrival-timeout=3s");
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<String>> uploads =
          Collections.nCopies(CONNECTIONS, () -> upload(test.host().grpcPort()));
      List<Future<String>> ends = uploads.stream().map(clients::submit).toList();
      assertThat(EchoService.call(test.channel(), PHOTO)).isEqualTo(PHOTO);
      for (Future<String> end : ends) {
        assertThat(end.get()).isEqualTo(DEADLINE_EXCEEDED);
      }
      assertThat(test.admin("/metrics").body())
          .contains(
              "facet_refusals_total{grpc_method=\"" + METHOD + "\",reason=\"DEADLINE_PASSED\"");
      while (bytesHeld(test) > 0) {
        Thread.sleep(5); // the streams are closed by other threads
      }
    }
  }

  /** Sends two bytes of a mebibyte; how the server ended it. */
  private static String upload(int port) throws Exception {
    try (RawHttp2 client = new RawHttp2(port)) {
      RawHttp2.Call call = client.call(METHOD, "10H");
      call.announce(1 << 20);
      call.sendAll(new byte[1], false);
      call.sendAll(new byte[1], false);
      return call.status().get();
    }
  }

  private static double bytesHeld(TestHost test) {
    return test.host().meters().get("facet.requests.bytes").gauge().value();
  }
}
