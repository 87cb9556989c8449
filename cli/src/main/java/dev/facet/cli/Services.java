package dev.facet.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Knows how to start the three services of this installation on this machine.
 *
 * @param home the folder with the modules' folders
 * @param data what the gateway keeps
 * @param logs where their output goes
 * @param ports where they answer
 * @param modelSettings settings for those that load models
 * @param storeSettings settings for the gateway
 * @param training whether the run is to teach the JVM for later ones
 */
record Services(
    Path home,
    Path data,
    Path logs,
    Ports ports,
    List<String> modelSettings,
    List<String> storeSettings,
    boolean training) {

  private static final String SIMD = "--add-modules=jdk.incubator.vector";

  /**
   * The services in this order are a cluster: the gateway is stopped first.
   *
   * @param detectors the first is the default
   * @param embedders the first is the default
   * @param stores servers that run already and are stopped last
   */
  Cluster start(List<String> detectors, List<String> embedders, List<ServiceProcess> stores) {
    List<ServiceProcess> started = new ArrayList<>();
    try {
      started.add(gateway());
      started.add(
          withModels(
              "detector",
              "detector-service",
              List.of("-Xmx768m", SIMD), // for MTCNN
              ports.detector(),
              detectors));
      started.add(
          withModels(
              "embedder", "embedder-service", List.of("-Xmx768m"), ports.embedder(), embedders));
      started.addAll(stores);
      return new Cluster(started);
    } catch (RuntimeException e) {
      started.forEach(ServiceProcess::close);
      throw e;
    }
  }

  /** The installation this program belongs to: set by the launcher, or else found from the jar. */
  static Path installation() {
    String told = System.getProperty("facet.home", System.getenv().getOrDefault("FACET_HOME", ""));
    if (!told.isEmpty()) {
      return Path.of(told).toAbsolutePath();
    }
    Path jar =
        Path.of(Services.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    // <home>/cli/target/cli.jar
    return jar.resolve("../../..").normalize();
  }

  private ServiceProcess gateway() {
    List<String> settings = new ArrayList<>(storeSettings);
    settings.add("data.directory=" + data);
    settings.add("backend.detector=127.0.0.1:" + ports.detector().grpc());
    settings.add("backend.embedder=127.0.0.1:" + ports.embedder().grpc());
    return start(
        "gateway",
        "gateway",
        List.of("-Xmx1g", SIMD), // for scans
        ports.gateway(),
        settings);
  }

  private ServiceProcess withModels(
      String name, String module, List<String> jvm, Ports.Doors doors, List<String> models) {
    List<String> settings = new ArrayList<>(modelSettings);
    settings.add("models.serve=" + String.join(",", models));
    return start(name, module, jvm, doors, settings);
  }

  private ServiceProcess start(
      String name, String module, List<String> jvm, Ports.Doors doors, List<String> settings) {
    Path jar = home.resolve(module).resolve("target").resolve(module + ".jar");
    if (!Files.isRegularFile(jar)) {
      throw new CommandFailure(
          ExitCode.UNAVAILABLE, jar + " is missing: build first (./facet build)");
    }
    List<String> command = new ArrayList<>(detached("TERM"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
    command.add("-XX:+ExitOnOutOfMemoryError"); // rather no service than half of one
    command.addAll(new AotCache(jar).options(training));
    command.add("-jar");
    command.add(jar.toString());
    command.add("grpc.port=" + doors.grpc());
    command.add("admin.port=" + doors.admin());
    // Nobody balances over a machine of one.
    command.add("drain.delay=0s");
    command.addAll(settings);
    return new ServiceProcess(name, command, doors, logs.resolve(name + ".log"));
  }

  /**
   * On Linux, words before a command that keep the terminal's Ctrl-C from it, so that services stop
   * in order, and that end it when this process is killed.
   *
   * @param end the signal that it gets then
   */
  static List<String> detached(String end) {
    List<String> words = List.of("setsid", "setpriv", "--pdeathsig", end);
    List<String> trial = new ArrayList<>(words);
    trial.add("true");
    try {
      Process process =
          new ProcessBuilder(trial)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0 ? words : List.of();
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.interrupted();
    }
  }
}
