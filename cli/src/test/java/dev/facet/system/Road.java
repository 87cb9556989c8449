package dev.facet.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The three services as real processes with embedded stores in one folder. */
final class Road implements AutoCloseable {
  private final Path data;
  private final ServiceProcess detector;
  private final ServiceProcess embedder;
  private ServiceProcess gateway;

  private Road(
      Path data, ServiceProcess detector, ServiceProcess embedder, ServiceProcess gateway) {
    this.data = data;
    this.detector = detector;
    this.embedder = embedder;
    this.gateway = gateway;
  }

  /** Starts all three and waits until they are ready; skips the test where there are no weights. */
  static Road open(Path data) throws IOException, InterruptedException {
    Path mirror = Repository.SHARED.resolve("models");
    assumeTrue(
        Files.isDirectory(mirror),
        "the road: no weights, FACET_SHARED names no folder with models/");
    String[] models = {"models.mirror=" + mirror, "models.cache=" + modelCache()};
    ServiceProcess detector =
        ServiceProcess.start(
            "detector-service", List.of(), data, ServiceProcess.freePort(), models);
    ServiceProcess embedder =
        ServiceProcess.start(
            "embedder-service", List.of(), data, ServiceProcess.freePort(), models);
    Road road = new Road(data, detector, embedder, gateway(data, List.of(), detector, embedder));
    try {
      detector.awaitReady();
      embedder.awaitReady();
      road.gateway.awaitReady();
      return road;
    } catch (RuntimeException | IOException | InterruptedException e) {
      road.close();
      throw e;
    }
  }

  ServiceProcess detector() {
    return detector;
  }

  ServiceProcess embedder() {
    return embedder;
  }

  ServiceProcess gateway() {
    return gateway;
  }

  /** SIGKILL for the gateway, and a new one on the same data and the same port. */
  void killAndRestartGateway(String... prefix) throws IOException, InterruptedException {
    gateway.kill();
    restartGateway(prefix);
  }

  void restartGateway(String... prefix) throws IOException, InterruptedException {
    gateway.close();
    gateway = gateway(data, List.of(prefix), detector, embedder).awaitReady();
  }

  private static ServiceProcess gateway(
      Path data, List<String> prefix, ServiceProcess detector, ServiceProcess embedder)
      throws IOException {
    return ServiceProcess.start(
        "gateway",
        prefix,
        data,
        ServiceProcess.freePort(),
        "backend.detector=" + detector.address(),
        "backend.embedder=" + embedder.address(),
        "data.directory=" + data.resolve("data"));
  }

  /** Served forms are made once for all test classes. */
  static Path modelCache() {
    return Repository.ROOT.resolve("cli/target/models");
  }

  /** Runs the command line against this road's gateway. */
  Command run(String... arguments) throws IOException, InterruptedException {
    return Command.run(data, commandLine(arguments));
  }

  List<String> commandLine(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--gateway");
    all.add(gateway.address());
    return all;
  }

  @Override
  public void close() {
    gateway.close();
    embedder.close();
    detector.close();
  }
}
