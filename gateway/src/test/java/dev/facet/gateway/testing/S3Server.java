package dev.facet.gateway.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.facet.gateway.archive.S3Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An S3 service over files in a folder: versitygw, built once for a machine by Go's own client.
 * Skips the test where that cannot be done.
 */
public final class S3Server implements AutoCloseable {
  private static final String MODULE = "github.com/versity/versitygw/cmd/versitygw@v1.8.0";
  private static final String KEY = "facet";
  private static final String SECRET = "facet-secret";
  private static final Duration START = Duration.ofSeconds(30);

  private final Path folder;
  private final int port;
  private Process process;

  private S3Server(Path folder, int port) throws IOException {
    this.folder = folder;
    this.port = port;
    process = run();
  }

  /** The server that the tests of one JVM share. */
  public static S3Server shared() {
    assumeTrue(Shared.SERVER != null, Shared.missing);
    return Objects.requireNonNull(Shared.SERVER);
  }

  private static final class Shared {
    static String missing = "";
    static final @Nullable S3Server SERVER = open();

    private static @Nullable S3Server open() {
      try {
        S3Server server = start(Files.createTempDirectory("facet-s3"));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        return server;
      } catch (IOException e) {
        missing = "no S3 server: " + e.getMessage();
        return null;
      }
    }
  }

  /** A server of its own over this folder, at a port that stays the same over restarts. */
  public static S3Server start(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("buckets"));
    return new S3Server(folder, Ports.free());
  }

  private static Path program() throws IOException {
    Path program = ToolCache.folder().resolve("versitygw");
    ToolCache.install(
        "versitygw",
        () -> {
          if (!Files.isExecutable(program)) {
            build(ToolCache.folder());
          }
        });
    return program;
  }

  private static void build(Path folder) throws IOException {
    ProcessBuilder build = new ProcessBuilder("go", "install", MODULE);
    build.environment().put("GOBIN", folder.toString());
    build.redirectErrorStream(true).redirectOutput(folder.resolve("versitygw.log").toFile());
    if (waitFor(build.start()) != 0) {
      throw new IOException("Go could not build versitygw");
    }
  }

  private static int waitFor(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Process run() throws IOException {
    ProcessBuilder server =
        new ProcessBuilder(
            program().toString(),
            "--port",
            "127.0.0.1:" + port,
            "posix",
            folder.resolve("buckets").toString());
    server.environment().putAll(Map.of("ROOT_ACCESS_KEY", KEY, "ROOT_SECRET_KEY", SECRET));
    Process started =
        server
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("server.log").toFile())
            .start();
    long end = System.nanoTime() + START.toNanos();
    while (!listens()) {
      if (!started.isAlive() || System.nanoTime() > end) {
        started.destroyForcibly();
        throw new IOException("versitygw did not start");
      }
      pause();
    }
    return started;
  }

  private boolean listens() {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Settings for a bucket of this name, which is created. */
  public S3Settings bucket(String name) {
    return new S3Settings(
        Optional.of(name),
        Optional.of(endpoint()),
        "us-east-1",
        "facet",
        true,
        Optional.of(KEY),
        Optional.of(SECRET),
        true,
        3,
        Duration.ofSeconds(5),
        Duration.ofSeconds(15));
  }

  /** Where it is. */
  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** The folder of a bucket's objects. */
  public Path objects(String bucket) {
    return folder.resolve("buckets").resolve(bucket);
  }

  /** SIGKILL. */
  public void kill() {
    process.destroyForcibly();
    int _ = waitFor(process);
  }

  /** Starts it again on the same data and port. */
  public void restart() throws IOException {
    process = run();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
