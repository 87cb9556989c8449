package dev.facet.bench.all;

import dev.facet.bench.BenchFailure;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A detector or an embedder by itself, on free ports. */
final class LoneService implements AutoCloseable {

  /** A GPU is warmed for every shape. */
  private static final Duration LONGEST_START = Duration.ofMinutes(10);

  private static final Duration STOP = Duration.ofSeconds(45);

  private final Process process;
  private final Service service;
  private final Thread hook;
  private final double startSeconds;

  private LoneService(Process process, Service service, Thread hook, double startSeconds) {
    this.process = process;
    this.service = service;
    this.hook = hook;
    this.startSeconds = startSeconds;
  }

  /**
   * Starts it with its shipped file for CUDA, and waits until it is ready.
   *
   * @param name {@code detector} or {@code embedder}
   * @param settings that differ from the file's
   * @throws BenchFailure with the end of its log, when it does not become ready
   */
  static LoneService start(Surroundings surroundings, String name, List<String> settings) {
    int grpc = freePort();
    int admin = freePort();
    List<String> command = new ArrayList<>();
    command.add(Surroundings.java());
    // Crops of a thousand callers are in the heap at a time.
    command.addAll(List.of("-XX:+UseParallelGC", "-Xms4g", "-Xmx4g"));
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0"));
    command.addAll(List.of("-jar", surroundings.jar(name + "-service").toString()));
    Path shipped = surroundings.home().resolve("deploy/config/cuda/" + name + ".properties");
    command.addAll(List.of("--config", shipped.toString()));
    command.addAll(List.of("grpc.port=" + grpc, "admin.port=" + admin, "drain.delay=0s"));
    command.addAll(settings);
    Path log = surroundings.fresh(name + ".log");
    long start = System.nanoTime();
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      Service service =
          new Service("127.0.0.1:" + grpc, "http://127.0.0.1:" + admin, process.pid());
      // Whoever stops the measurement stops the service.
      Thread hook = new Thread(process::destroy, "lone-service");
      Runtime.getRuntime().addShutdownHook(hook);
      if (!Children.awaitReady(process, service, LONGEST_START)) {
        throw Children.unready(process, log);
      }
      return new LoneService(process, service, hook, (System.nanoTime() - start) / 1e9);
    } catch (IOException e) {
      throw BenchFailure.file(log, e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new BenchFailure(BenchFailure.UNAVAILABLE, "no free port: " + e.getMessage());
    }
  }

  Service service() {
    return service;
  }

  /** From its exec until it was ready. */
  double startSeconds() {
    return startSeconds;
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(hook);
    Children.end(process, STOP);
  }
}
