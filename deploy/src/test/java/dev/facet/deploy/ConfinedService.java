package dev.facet.deploy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One of our services as a process that is allowed what the manifests allow its container: see
 * {@code confined.sh}. Skips the test where this process may not make such a one.
 */
final class ConfinedService implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(2);

  private final Process process;
  private final Path log;
  private final int grpcPort;
  private final int adminPort;

  private ConfinedService(Process process, Path log, int grpcPort, int adminPort) {
    this.process = process;
    this.log = log;
    this.grpcPort = grpcPort;
    this.adminPort = adminPort;
  }

  /**
   * Starts {@code MODULE/target/MODULE.jar}.
   *
   * @param cgroup its {@code cgroup.procs}, or {@code -}
   * @param writable the one folder that it may write to
   */
  static ConfinedService start(String module, String cgroup, Path writable, String... settings)
      throws IOException {
    assumeTrue(
        Tool.onPath("unshare") && Tool.onPath("setpriv") && isRoot(),
        "confined: needs root, unshare and setpriv");
    Path jar = Repository.ROOT.resolve(module).resolve("target").resolve(module + ".jar");
    assumeTrue(
        othersMayRead(jar) && othersMayRead(java()), "confined: others may not read this checkout");
    assumeTrue(!jar.startsWith("/tmp"), "confined: this checkout lies in /tmp, which is replaced");
    Files.setPosixFilePermissions(writable, Set.of(PosixFilePermission.values()));
    int grpcPort = freePort();
    int adminPort = freePort();
    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh"));
    command.add(Path.of("src/test/resources/confined.sh").toAbsolutePath().toString());
    command.addAll(
        List.of(
            cgroup,
            writable.toString(),
            java().toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--add-modules=jdk.incubator.vector",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
            "-XX:MaxRAMPercentage=45",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+UseG1GC",
            "-jar",
            jar.toString(),
            "grpc.port=" + grpcPort,
            "admin.port=" + adminPort));
    command.addAll(Arrays.asList(settings));
    Path log = writable.resolveSibling(writable.getFileName() + ".log");
    ProcessBuilder program = new ProcessBuilder(command);
    program.environment().put("MALLOC_ARENA_MAX", "2");
    program.environment().put("HOME", "/tmp");
    return new ConfinedService(
        program.redirectErrorStream(true).redirectOutput(log.toFile()).start(),
        log,
        grpcPort,
        adminPort);
  }

  static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** Waits until the admin port says so. */
  ConfinedService awaitReady() throws IOException, InterruptedException {
    return await("/readyz");
  }

  /** Waits until it listens and has not failed. */
  ConfinedService awaitAlive() throws IOException, InterruptedException {
    return await("/livez");
  }

  private ConfinedService await(String path) throws IOException, InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (!says(http, path)) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw new AssertionError("it does not come to " + path + ":\n" + Files.readString(log));
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
    return this;
  }

  private boolean says(HttpClient http, String path) throws InterruptedException {
    try {
      HttpRequest question =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path)).build();
      return http.send(question, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false; // it does not listen yet
    }
  }

  String address() {
    return "127.0.0.1:" + grpcPort;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** A file below its {@code /proc/PID}. */
  String proc(String file) throws IOException {
    return Files.readString(Path.of("/proc", String.valueOf(process.pid()), file));
  }

  private static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  private static boolean othersMayRead(Path file) throws IOException {
    for (Path each = file.toRealPath(); each != null; each = each.getParent()) {
      PosixFilePermission needed =
          Files.isDirectory(each)
              ? PosixFilePermission.OTHERS_EXECUTE
              : PosixFilePermission.OTHERS_READ;
      if (!Files.getPosixFilePermissions(each).contains(needed)) {
        return false;
      }
    }
    return true;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
