package dev.facet.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The end of a process whose model cannot run any more, seen from outside. */
@Timeout(120)
class WatchdogProcessTest {
  @TempDir private Path folder;

  /** M06. */
  @Test
  void lostDeviceIsTheEndOfTheProcessWithinFiveSeconds() throws Exception {
    try (Child child = start("lost")) {
      var liveness = child.watch("liveness");
      assertThat(next(liveness)).isEqualTo(ServingStatus.SERVING);
      child.poke();
      long start = System.nanoTime();
      assertThat(next(liveness)).isEqualTo(ServingStatus.NOT_SERVING);
      assertThat(child.get("/livez")).isEqualTo(503);
      assertThat(child.process.waitFor()).isEqualTo(Watchdog.DEVICE_LOST);
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
      assertThat(child.log()).contains("m: the device is lost; the process ends");
    }
  }

  /** M07. */
  @Test
  void stuckRunIsDumpedAndTheEndOfTheProcess() throws Exception {
    try (Child child = start("stuck", "watchdog.suspend=1s", "watchdog.halt=3s")) {
      var readiness = child.watch("readiness");
      var liveness = child.watch("liveness");
      assertThat(next(readiness)).isEqualTo(ServingStatus.SERVING);
      assertThat(next(liveness)).isEqualTo(ServingStatus.SERVING);
      child.poke();
      assertThat(next(readiness)).isEqualTo(ServingStatus.NOT_SERVING);
      assertThat(child.get("/readyz")).isEqualTo(503);
      assertThat(child.get("/livez")).isEqualTo(200);
      assertThat(next(liveness)).isEqualTo(ServingStatus.NOT_SERVING);
      assertThat(child.process.waitFor()).isEqualTo(Watchdog.RUN_STUCK);
      assertThat(child.log())
          .contains("A run takes too long: 1 items on m-0; not ready until it ends")
          .contains("\"m-0\" WAITING")
          .contains("dev.facet.serving.FailingMain.lambda")
          .contains("A run is stuck");
    }
  }

  @Test
  void runThatEndsAfterAllMakesTheServiceReadyAgain() throws Exception {
    try (Child child = start("slow", "watchdog.suspend=1s", "watchdog.halt=1h")) {
      var readiness = child.watch("readiness");
      assertThat(next(readiness)).isEqualTo(ServingStatus.SERVING);
      child.poke();
      assertThat(next(readiness)).isEqualTo(ServingStatus.NOT_SERVING);
      child.poke();
      assertThat(next(readiness)).isEqualTo(ServingStatus.SERVING);
      assertThat(child.get("/readyz")).isEqualTo(200);
    }
  }

  private static ServingStatus next(BlockingClientCall<?, HealthCheckResponse> watch)
      throws Exception {
    HealthCheckResponse response = watch.read();
    assertThat(response).isNotNull();
    return response.getStatus();
  }

  private Child start(String... args) throws IOException {
    Path log = folder.resolve("log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(FailingMain.class.getName());
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    StringBuilder output = new StringBuilder();
    String line = process.inputReader().readLine();
    while (line != null && !line.startsWith("ports ")) {
      output.append(line).append('\n');
      line = process.inputReader().readLine();
    }
    assertThat(line).as("%s%s", output, Files.readString(log)).isNotNull();
    String[] ports = line.split(" ", -1);
    return new Child(
        process,
        log,
        NettyChannelBuilder.forAddress("127.0.0.1", Integer.parseInt(ports[1]))
            .usePlaintext()
            .build(),
        Integer.parseInt(ports[2]));
  }

  private record Child(Process process, Path errors, ManagedChannel channel, int admin)
      implements AutoCloseable {

    BlockingClientCall<?, HealthCheckResponse> watch(String name) {
      return HealthGrpc.newBlockingV2Stub(channel)
          .watch(HealthCheckRequest.newBuilder().setService(name).build());
    }

    void poke() throws IOException {
      OutputStream input = process.getOutputStream();
      input.write('\n');
      input.flush();
    }

    int get(String path) throws Exception {
      try (HttpClient client = HttpClient.newHttpClient()) {
        URI uri = URI.create("http://127.0.0.1:%d%s".formatted(admin, path));
        return client
            .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
            .statusCode();
      }
    }

    /** What it wrote; logs go to either stream. */
    String log() throws IOException {
      return Files.readString(errors) + String.join("\n", process.inputReader().lines().toList());
    }

    @Override
    public void close() {
      channel.shutdownNow();
      process.destroyForcibly();
    }
  }
}
