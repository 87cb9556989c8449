package dev.facet.gateway.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Milvus for tests: one that {@code FACET_TEST_MILVUS_URI} names, or one in a container, or the
 * real engine, or Milvus Lite, from Python packages in virtual environments of their own. What such
 * a server cannot show stands in docs/milvus.md.
 */
public final class MilvusServer implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("  port: *(\\d+)");
  private static final Pattern SETTING = Pattern.compile("( *)([A-Za-z0-9]+):([^#]*)(#.*)?");

  /** After a kill the engine reads its log first, on a busy machine for minutes. */
  private static final Duration START = Duration.ofMinutes(8);

  /** The engine's clocks tick for a cluster's peace; tests wait for many ticks. */
  private static final Map<String, String> TICKS =
      Map.of(
          "proxy.timeTickInterval", "20",
          "queryCoord.distPullInterval", "50",
          "queryCoord.checkInterval", "100",
          "queryCoord.segmentCheckInterval", "100",
          "queryCoord.channelCheckInterval", "100");

  /** The wrapper's words when its engine has ended at the start; it stays. */
  private static final String GAVE_UP = "Wait for milvus server started timeout";

  private final @Nullable Path folder;
  private final @Nullable MilvusImage image;
  private final boolean lite;
  private int port;
  private @Nullable Process process;
  private String uri;

  private MilvusServer(
      @Nullable Path folder, @Nullable MilvusImage image, boolean lite, String uri) {
    this.folder = folder;
    this.image = image;
    this.lite = lite;
    this.uri = uri;
  }

  /** The engine that the tests of one JVM share; skips the test where it cannot be had. */
  public static MilvusServer shared() {
    assumeTrue(Engine.SERVER != null, Engine.missing);
    return Objects.requireNonNull(Engine.SERVER);
  }

  /** The Milvus Lite that the tests of one JVM share; skips the test where it cannot be had. */
  public static MilvusServer sharedLite() {
    assumeTrue(Lite.SERVER != null, Lite.missing);
    return Objects.requireNonNull(Lite.SERVER);
  }

  private static final class Engine {
    static String missing = "";
    static final @Nullable MilvusServer SERVER = open();

    private static @Nullable MilvusServer open() {
      String given = System.getenv().getOrDefault("FACET_TEST_MILVUS_URI", "");
      if (!given.isEmpty()) {
        return new MilvusServer(null, null, false, given);
      }
      try {
        Optional<MilvusImage> image = MilvusImage.start(TICKS);
        return untilExit(
            image.isPresent()
                ? contained(image.get())
                : start(Files.createTempDirectory("facet-milvus"), false));
      } catch (IOException | RuntimeException e) {
        missing = "no Milvus: " + e.getMessage();
        return null;
      }
    }
  }

  private static final class Lite {
    static String missing = "";
    static final @Nullable MilvusServer SERVER = open();

    private static @Nullable MilvusServer open() {
      try {
        return untilExit(start(Files.createTempDirectory("facet-milvus-lite"), true));
      } catch (IOException | RuntimeException e) {
        missing = "no Milvus Lite: " + e.getMessage();
        return null;
      }
    }
  }

  private static MilvusServer untilExit(MilvusServer server) {
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    return server;
  }

  /**
   * A server of its own with its data in the folder; ready.
   *
   * @throws IOException when its environment cannot be installed, or it does not start
   */
  public static MilvusServer start(Path folder, boolean lite) throws IOException {
    MilvusServer server = new MilvusServer(folder, null, lite, "");
    try {
      server.run();
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static MilvusServer contained(MilvusImage image) throws IOException {
    MilvusServer server = new MilvusServer(null, image, false, image.uri());
    try {
      server.awaitAnswer(() -> {});
      return server;
    } catch (IOException e) {
      image.close();
      throw e;
    }
  }

  public String uri() {
    return uri;
  }

  private void run() throws IOException {
    Path home = Objects.requireNonNull(folder);
    Files.createDirectories(home);
    if (port == 0) {
      port = Ports.free();
    }
    List<String> command =
        lite
            ? List.of(
                PythonEnvironment.of("milvus-lite", "milvus-lite==3.2.2", "pymilvus==2.6.17")
                    .resolve("bin/milvus-lite")
                    .toString(),
                "server",
                "--data-dir",
                home.resolve("data").toString(),
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port))
            : engine(home, port);
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("server.log").toFile())
            .start();
    awaitReady(home, port);
  }

  private static List<String> engine(Path home, int port) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                PythonEnvironment.of("milvus-2.3.5", "setuptools==79.0.1", "milvus==2.3.5")
                    .resolve("bin/milvus-server")
                    .toString(),
                "--data",
                home.resolve("data").toString(),
                "--proxy-port",
                Integer.toString(port)));
    TICKS.forEach((path, value) -> command.addAll(List.of("--extra-config", path + "=" + value)));
    return command;
  }

  /** The engine's wrapper takes another port than it was told when that is taken: read which. */
  private void awaitReady(Path home, int port) throws IOException {
    awaitAnswer(
        () -> {
          if (process == null || !process.isAlive()) {
            throw new IOException("it ended: " + lastLine(home.resolve("server.log")));
          }
          if (lastLine(home.resolve("server.log")).startsWith(GAVE_UP)) {
            throw new IOException("its engine ended; two of them cannot share a machine's ports");
          }
          uri = "http://127.0.0.1:" + (lite ? port : proxyPort(home, port));
        });
  }

  private interface Look {
    void look() throws IOException;
  }

  private void awaitAnswer(Look before) throws IOException {
    long end = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < end) {
      before.look();
      if (MilvusProbe.answers(uri)) {
        return;
      }
      pause();
    }
    throw new IOException("it did not answer within " + START.toSeconds() + " s");
  }

  private static int proxyPort(Path home, int asked) throws IOException {
    Path configuration = home.resolve("data/configs/milvus.yaml");
    if (!Files.exists(configuration)) {
      return asked;
    }
    boolean proxy = false;
    for (String line : Files.readAllLines(configuration)) {
      proxy = line.startsWith("proxy:") || (proxy && line.startsWith(" "));
      Matcher port = PORT.matcher(line);
      if (proxy && port.lookingAt()) {
        return Integer.parseInt(port.group(1));
      }
    }
    return asked;
  }

  private static void awaitFree(int port) throws IOException {
    long end = System.nanoTime() + START.toNanos();
    while (!Ports.isFree(port)) {
      if (System.nanoTime() > end) {
        throw new IOException("port " + port + " stays taken");
      }
      pause();
    }
  }

  private static String lastLine(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return lines.isEmpty() ? "without a word" : lines.getLast();
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(200);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Skips the test where the server is somebody else's, and not to be killed. */
  public void assumeOurs() {
    assumeTrue(folder != null || image != null, "the Milvus at " + uri + " is not to be killed");
  }

  /**
   * Changes a setting of the running engine, which reads its file every few seconds; skips the test
   * where that file is out of reach.
   *
   * @param path in the file, with dots
   */
  public void set(String path, String value) throws IOException {
    assumeTrue(folder != null && !lite, "no file of settings of the Milvus at " + uri);
    Path file = Objects.requireNonNull(folder).resolve("data/configs/milvus.yaml");
    List<String> lines = new ArrayList<>();
    Deque<String> names = new ArrayDeque<>();
    boolean found = false;
    for (String line : Files.readAllLines(file)) {
      Matcher setting = SETTING.matcher(line);
      if (setting.matches()) {
        while (names.size() > setting.group(1).length() / 2) {
          names.removeLast();
        }
        names.addLast(setting.group(2));
        if (String.join(".", names).equals(path)) {
          found = true;
          lines.add(setting.group(1) + setting.group(2) + ": " + value);
          continue;
        }
      }
      lines.add(line);
    }
    if (!found) {
      throw new IllegalArgumentException("Milvus has no setting " + path);
    }
    Path fresh = Files.write(file.resolveSibling("milvus.yaml.fresh"), lines);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** SIGKILL to the server and its children. */
  public void kill() throws InterruptedException {
    if (image != null) {
      image.kill();
    }
    if (process != null) {
      List<ProcessHandle> children = process.descendants().toList();
      process.destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
      process.waitFor();
    }
  }

  /** Starts it again on the same data and port, after a kill. */
  public void restart() throws IOException {
    if (folder == null && image == null) {
      throw new IllegalStateException("somebody else's server cannot be restarted");
    }
    if (image == null) {
      // Its wrapper goes to another port while the kernel still has connections of the killed one,
      // and the engine hangs while another's etcd has the ports of its own.
      for (int needed : lite ? new int[] {port} : new int[] {port, 2379, 2380}) {
        awaitFree(needed);
      }
      run();
    } else {
      image.restart();
      awaitAnswer(() -> {});
    }
  }

  @Override
  public void close() {
    if (image != null) {
      image.close();
    }
    Process running = process;
    if (running == null) {
      return;
    }
    try {
      // SIGINT: the engine's wrapper hands only that on.
      new ProcessBuilder("kill", "-INT", Long.toString(running.pid())).start().waitFor();
      if (!running.waitFor(15, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
