package dev.facet.bench.drain;

import dev.facet.bench.BenchFailure;
import dev.facet.bench.all.Children;
import dev.facet.bench.all.Service;
import dev.facet.bench.all.Surroundings;
import dev.facet.bench.load.MetricsPage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One of several processes of a service, at an address that stays the same over its lives. */
final class Replica implements AutoCloseable {
  private static final int ADMIN_PORT = 9000;
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration END = Duration.ofMinutes(1);

  private final Surroundings surroundings;
  private final String module;
  private final String address;
  private final String admin;
  private final int port;
  private final List<String> settings;
  private final Path log;
  private @Nullable Process process;
  private double repeatedBefore;

  Replica(
      Surroundings surroundings, String module, String address, int port, List<String> settings) {
    this.surroundings = surroundings;
    this.module = module;
    this.address = address;
    admin = "http://" + address + ":" + ADMIN_PORT;
    this.port = port;
    this.settings = settings;
    log = surroundings.fresh(module + "-" + address + ".log");
  }

  String address() {
    return address;
  }

  void start() {
    List<String> command = new ArrayList<>();
    command.add(Surroundings.java());
    command.addAll(
        List.of(
            "-Xmx512m",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
            "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(List.of("-jar", surroundings.jar(module).toString()));
    command.addAll(List.of("grpc.host=" + address, "grpc.port=" + port));
    command.addAll(List.of("admin.host=" + address, "admin.port=" + ADMIN_PORT));
    command.addAll(settings);
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    } catch (IOException e) {
      throw BenchFailure.file(log, e);
    }
  }

  void awaitReady() {
    Service service = new Service(address + ":" + port, admin, running().pid());
    if (!Children.awaitReady(running(), service, START)) {
      throw Children.unready(running(), log);
    }
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException(module + " was not started");
    }
    return process;
  }

  /** Asks it to end (SIGTERM), as whoever replaces it does, and waits. */
  void end() throws InterruptedException {
    repeatedBefore = repeated();
    running().destroy();
    if (!running().waitFor(END)) {
      throw new BenchFailure(BenchFailure.INTERNAL, module + " does not end");
    }
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    repeatedBefore = repeated();
    running().destroyForcibly();
    running().waitFor();
  }

  /** SIGSTOP for a while. */
  void freeze(Duration length) throws InterruptedException {
    signal("STOP");
    try {
      TimeUnit.NANOSECONDS.sleep(length.toNanos());
    } finally {
      signal("CONT");
    }
  }

  private void signal(String name) throws InterruptedException {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(running().pid())).start().waitFor();
    } catch (IOException e) {
      throw new BenchFailure(BenchFailure.UNAVAILABLE, "no kill(1): " + e.getMessage());
    }
  }

  /** Calls that reached it, over all of its lives, as another attempt. */
  double repeated() throws InterruptedException {
    try {
      return repeatedBefore
          + MetricsPage.fetch(URI.create(admin + "/metrics")).sum("facet_calls_repeated_total");
    } catch (IOException e) {
      return repeatedBefore; // it is not there now
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
