package dev.facet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadyProbeTest {

  @Test
  void saysWhatTheServiceSays() {
    int port;
    try (TestHost test = TestHost.warming()) {
      port = test.host().adminPort();
      assertThat(ReadyProbe.ready(port)).as("warming").isFalse();

      test.host().answer(ErrorTable.standard(), new EchoService(request -> request));
      test.host().ready();
      assertThat(ReadyProbe.ready(port)).as("serving").isTrue();
    }
    assertThat(ReadyProbe.ready(port)).as("ended").isFalse();
  }
}
