package dev.facet.gateway.testing;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Milvus for tests: one that {@code FACET_TEST_MILVUS_URI} names, or one in a container, or the
 * real engine, or Milvus Lite, out of Python packages. What such a server cannot show stands in
 * docs/milvus.md.
 */
public final class MilvusServer implements AutoCloseable {
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

  private final @Nullable Path folder;
  private final @Nullable MilvusImage image;
  private final @Nullable MilvusEngine engine;
  private final String uri;
  private @Nullable Process process;

  private MilvusServer(
      @Nullable Path folder,
      @Nullable MilvusImage image,
      @Nullable MilvusEngine engine,
      String uri) {
    this.folder = folder;
    this.image = image;
    this.engine = engine;
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
        return new MilvusServer(null, null, null, given);
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

  /** An engine of a test's own, to change its settings; skips the test where there is none. */
  public static MilvusServer own(Path folder) {
    try {
      return start(folder, false);
    } catch (IOException e) {
      return abort("no Milvus: " + e.getMessage());
    }
  }

  private static MilvusServer start(Path folder, boolean lite) throws IOException {
    MilvusEngine engine = lite ? null : new MilvusEngine(folder, TICKS);
    int port = engine == null ? Ports.free() : engine.port();
    MilvusServer server = new MilvusServer(folder, null, engine, "http://127.0.0.1:" + port);
    try {
      server.run();
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static MilvusServer contained(MilvusImage image) throws IOException {
    MilvusServer server = new MilvusServer(null, image, null, image.uri());
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
    Path log = Files.createDirectories(Objects.requireNonNull(folder)).resolve("server.log");
    ProcessBuilder program = engine == null ? lite(log.resolveSibling("data")) : engine.program();
    Process started = program.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    process = started;
    awaitAnswer(
        () -> {
          if (!started.isAlive()) {
            throw new IOException("it ended: " + lastLine(log));
          }
        });
  }

  private ProcessBuilder lite(Path data) throws IOException {
    return new ProcessBuilder(
        PythonEnvironment.of("milvus-lite", "milvus-lite==3.2.2", "pymilvus==2.6.17")
            .resolve("bin/milvus-lite")
            .toString(),
        "server",
        "--data-dir",
        data.toString(),
        "--host",
        "127.0.0.1",
        "--port",
        Integer.toString(URI.create(uri).getPort()));
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
   * Changes a setting of the running engine, which reads its file every few seconds.
   *
   * @param path in the file, with dots
   */
  public void set(String path, String value) throws IOException {
    Objects.requireNonNull(engine, "no file of settings").set(path, value);
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
      return;
    }
    try {
      kill(); // asked to end, the engine works on for minutes; nobody needs its data
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
