package dev.facet.system;

import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One of our services as a real process on a free loopback port, with a channel to it. */
final class ServiceProcess implements AutoCloseable {
  private static final int MAX_MESSAGE_BYTES = 64 << 20;

  private final String module;
  private final Process process;
  private final Path log;
  private final int port;
  private final ManagedChannel channel;

  private ServiceProcess(String module, Process process, Path log, int port) {
    this.module = module;
    this.process = process;
    this.log = log;
    this.port = port;
    this.channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .build();
  }

  /** Starts {@code <module>/target/<module>.jar}, with a prefix such as strace before the JVM. */
  static ServiceProcess start(
      String module, List<String> prefix, Path folder, int port, String... settings)
      throws IOException {
    Path jar = Repository.ROOT.resolve(module).resolve("target").resolve(module + ".jar");
    if (!Files.exists(jar)) {
      throw new IllegalStateException(module + " was not packaged: did its own tests fail?");
    }
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--add-modules=jdk.incubator.vector",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-XX:+ExitOnOutOfMemoryError"));
    if (module.equals("gateway")) {
      command.add("-XX:TieredStopAtLevel=1"); // it is started dozens of times, and computes little
    }
    command.addAll(
        List.of("-jar", jar.toString(), "grpc.port=" + port, "admin.port=0", "drain.delay=0s"));
    command.addAll(Arrays.asList(settings));
    Path log = Files.createTempFile(folder, module, ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new ServiceProcess(module, process, log, port);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits until health says SERVING, at most a minute. */
  ServiceProcess awaitReady() throws IOException, InterruptedException {
    Deadline deadline = Deadline.after(60, TimeUnit.SECONDS);
    while (!deadline.isExpired()) {
      if (!process.isAlive()) {
        throw new IllegalStateException(module + " ended early:\n" + Files.readString(log));
      }
      if (serving()) {
        return this;
      }
      channel.resetConnectBackoff();
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
    throw new IllegalStateException(module + " did not become ready:\n" + Files.readString(log));
  }

  /** Whether health says so now. */
  boolean serving() {
    try {
      return HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(1, TimeUnit.SECONDS)
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus()
          == ServingStatus.SERVING;
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  ManagedChannel channel() {
    return channel;
  }

  int port() {
    return port;
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  Process process() {
    return process;
  }

  long pid() {
    return process.pid();
  }

  String output() throws IOException {
    return Files.readString(log);
  }

  /** SIGKILL: the process gets no chance to finish anything. */
  void kill() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
    channel.shutdownNow();
  }

  /** SIGTERM, and SIGKILL after ten seconds. */
  @Override
  public void close() {
    channel.shutdownNow();
    // Under strace the service is a child, which strace would leave behind.
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
