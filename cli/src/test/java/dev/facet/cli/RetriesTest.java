package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.util.Durations;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RetriesTest {

  private final Retries retries = new Retries(Duration.ofSeconds(60));

  private static GatewayFailure failure(Status.Code code) {
    return GatewayFailure.of(code.toStatus().asRuntimeException(), "there");
  }

  @ParameterizedTest
  @CsvSource({"1,100", "2,200", "3,400", "5,1600", "6,2000", "60,2000"})
  void pausesDoubleUpToALimit(int attempts, long millis) {
    assertThat(retries.pause(failure(Status.Code.UNAVAILABLE), attempts, Duration.ZERO))
        .contains(Duration.ofMillis(millis));
  }

  @Test
  void theServiceMayAskForMore() {
    GatewayFailure shed =
        GatewayFailure.of(
            StatusProto.toStatusRuntimeException(
                com.google.rpc.Status.newBuilder()
                    .setCode(Status.Code.UNAVAILABLE.value())
                    .addDetails(
                        Any.pack(
                            RetryInfo.newBuilder().setRetryDelay(Durations.fromSeconds(7)).build()))
                    .build()),
            "there");

    assertThat(retries.pause(shed, 1, Duration.ZERO)).contains(Duration.ofSeconds(7));
  }

  @Test
  void aCallCutOffByAServiceThatEndedIsRepeated() {
    assertThat(retries.pause(failure(Status.Code.CANCELLED), 1, Duration.ZERO)).isPresent();
  }

  @Test
  void patienceEnds() {
    assertThat(retries.pause(failure(Status.Code.UNAVAILABLE), 40, Duration.ofMillis(58_001)))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"OK", "UNAVAILABLE", "CANCELLED"},
      mode = EnumSource.Mode.EXCLUDE)
  void nothingElseIsRepeated(Status.Code code) {
    assertThat(retries.pause(failure(code), 1, Duration.ZERO)).isEmpty();
  }
}
