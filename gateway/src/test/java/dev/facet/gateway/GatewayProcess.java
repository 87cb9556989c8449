package dev.facet.gateway;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The gateway as a process of its own, to be killed; it comes back at the same port. */
final class GatewayProcess implements GatewayCalls, AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);

  private final Path folder;
  private final int port;
  private final List<String> settings;
  private final ManagedChannel channel;
  private Process process;

  private GatewayProcess(Path folder, int port, List<String> settings) throws IOException {
    this.folder = folder;
    this.port = port;
    this.settings = settings;
    channel =
        Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create()).build();
    process = run();
  }

  /** Starts one; ready. */
  static GatewayProcess start(Path folder, List<String> settings) throws Exception {
    Files.createDirectories(folder);
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    GatewayProcess gateway = new GatewayProcess(folder, port, List.copyOf(settings));
    gateway.awaitReady();
    return gateway;
  }

  private Process run() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx400m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.facet.gateway.GatewayMain",
                "grpc.port=" + port,
                "admin.port=0",
                "drain.delay=0s",
                "data.directory=" + folder.resolve("data")));
    command.addAll(settings);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("gateway.log").toFile()))
        .start();
  }

  void awaitReady() throws IOException, InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (!serves()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException(Files.readString(folder.resolve("gateway.log")));
      }
      channel.resetConnectBackoff();
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private boolean serves() {
    try {
      return HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(Duration.ofSeconds(1))
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus()
          == ServingStatus.SERVING;
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  @Override
  public ManagedChannel channel() {
    return channel;
  }

  @Override
  public Duration patience() {
    return Duration.ofSeconds(10);
  }

  /** Whether its own folder holds vectors, as a scan's does. */
  boolean holdsVectors() throws IOException {
    Path gallery = folder.resolve("data").resolve("gallery");
    if (!Files.exists(gallery)) {
      return false;
    }
    try (Stream<Path> files = Files.list(gallery)) {
      return files.anyMatch(file -> file.toString().endsWith(".vectors"));
    }
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Starts it again, after a kill. */
  void restart() throws IOException, InterruptedException {
    process = run();
    awaitReady();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    process.destroy();
    try {
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
