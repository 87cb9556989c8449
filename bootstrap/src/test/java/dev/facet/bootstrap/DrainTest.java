package dev.facet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of a service by SIGTERM, seen in a real process. */
@Timeout(120)
class DrainTest {
  private static final BytesValue PHOTO = BytesValue.of(ByteString.copyFromUtf8("photo"));

  /** What the JVM exits with when its hooks were run by SIGTERM. */
  private static final int EXIT_BY_SIGTERM = 128 + 15;

  @Test
  void callInFlightCompletesAndPartsAreClosed() throws Exception {
    try (Child child = Child.start("serving", "drain.delay=0s")) {
      Future<BytesValue> call = child.call();
      child.waitFor("in flight");
      child.terminate();
      assertThat(call.get()).isEqualTo(PHOTO);
      assertThat(child.exitCode()).isEqualTo(EXIT_BY_SIGTERM);
      assertThat(child.rest()).containsExactly("part closed");
    }
  }

  @Test
  void duringTheDelayCallsAreTakenThoughHealthSaysNo() throws Exception {
    try (Child child = Child.start("serving", "drain.delay=1h")) {
      BlockingClientCall<?, HealthCheckResponse> watch =
          HealthGrpc.newBlockingV2Stub(child.channel)
              .watch(HealthCheckRequest.newBuilder().setService("readiness").build());
      assertThat(watch.read().getStatus()).isEqualTo(ServingStatus.SERVING);
      child.terminate();
      assertThat(watch.read().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
      assertThat(
              HealthGrpc.newBlockingStub(child.channel)
                  .check(HealthCheckRequest.newBuilder().setService("liveness").build())
                  .getStatus())
          .isEqualTo(ServingStatus.SERVING);
      assertThat(child.call().get()).isEqualTo(PHOTO);
    }
  }

  @Test
  void callLongerThanTheGraceIsCancelled() throws Exception {
    try (Child child = Child.start("stuck", "drain.delay=0s", "drain.grace=100ms")) {
      Future<BytesValue> call = child.call();
      child.waitFor("in flight");
      child.terminate();
      assertThatThrownBy(call::get)
          .rootCause()
          .extracting(e -> Status.fromThrowable(e).getCode())
          .isIn(Status.Code.UNAVAILABLE, Status.Code.CANCELLED);
      assertThat(child.exitCode()).isEqualTo(EXIT_BY_SIGTERM);
    }
  }

  @Test
  void g13_warmingServiceEndsAtOnce() throws Exception {
    try (Child child = Child.start("warming", "drain.delay=1h", "drain.grace=1h")) {
      child.terminate();
      assertThat(child.exitCode()).isEqualTo(EXIT_BY_SIGTERM);
    }
  }

  /** A {@link DrainMain} in a process of its own, with a channel to it. */
  private record Child(Process process, BufferedReader output, ManagedChannel channel)
      implements AutoCloseable {

    static Child start(String... args) throws IOException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add(DrainMain.class.getName());
      command.addAll(List.of(args));
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      BufferedReader output = process.inputReader();
      int grpc = Integer.parseInt(output.readLine());
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", grpc).usePlaintext().build();
      Child child = new Child(process, output, channel);
      if (!args[0].equals("warming")) {
        child.waitFor(args[0]);
      }
      return child;
    }

    Future<BytesValue> call() {
      return ClientCalls.futureUnaryCall(
          channel.newCall(EchoService.ECHO, CallOptions.DEFAULT), PHOTO);
    }

    void waitFor(String line) throws IOException {
      assertThat(output.readLine()).isEqualTo(line);
    }

    void terminate() {
      process.toHandle().destroy(); // SIGTERM, and unlike Process.destroy it keeps the output open
    }

    int exitCode() throws InterruptedException {
      return process.waitFor();
    }

    Stream<String> rest() {
      return output.lines();
    }

    @Override
    public void close() {
      channel.shutdownNow();
      process.destroyForcibly();
    }
  }
}
