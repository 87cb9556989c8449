package dev.facet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import java.util.ArrayList;
import java.util.List;
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
    List<RawHttp2> clients = new ArrayList<>();
    try (TestHost test = TestHost.serving(request -> request, "grpc.arrival-timeout=3s")) {
      List<RawHttp2.Call> calls = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        RawHttp2 client = new RawHttp2(test.host().grpcPort());
        clients.add(client);
        RawHttp2.Call call = client.call(METHOD, "10H");
        call.announce(1 << 20);
        call.sendAll(new byte[1], false);
        calls.add(call);
      }
      assertThat(EchoService.call(test.channel(), PHOTO)).isEqualTo(PHOTO);
      for (RawHttp2.Call call : calls) {
        call.sendAll(new byte[1], false);
        assertThat(call.status().get()).isEqualTo(DEADLINE_EXCEEDED);
      }
      assertThat(test.admin("/metrics").body())
          .contains("facet_refusals_total{grpc_method=\"" + METHOD + "\",reason=\"DEADLINE_PASSED\"");
      while (bytesHeld(test) > 0) {
        Thread.sleep(5); // the streams are closed by other threads
      }
    } finally {
      for (RawHttp2 client : clients) {
        client.close();
      }
    }
  }

  private static double bytesHeld(TestHost test) {
    return test.host().meters().get("facet.requests.bytes").gauge().value();
  }
}
