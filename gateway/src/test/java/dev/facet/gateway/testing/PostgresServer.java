package dev.facet.gateway.testing;

import dev.facet.gateway.ledger.PostgresSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A PostgreSQL server of its own, with its data in a folder that survives a kill. */
public final class PostgresServer implements AutoCloseable {
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final Path data;
  private final int port;
  private EmbeddedPostgres server;

  private PostgresServer(Path data, int port) throws IOException {
    this.data = data;
    this.port = port == 0 ? Ports.free() : port;
    server = started();
  }

  /** The server that the tests of one JVM share; stopped with it. */
  public static PostgresServer shared() {
    return Shared.SERVER;
  }

  private static final class Shared {
    static final PostgresServer SERVER = open();

    private static PostgresServer open() {
      try {
        PostgresServer server = new PostgresServer(Files.createTempDirectory("facet-postgres"), 0);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * A server with its data in this folder, at a port that stays the same over restarts.
   *
   * @param port 0 for a free one
   */
  public static PostgresServer start(Path folder, int port) throws IOException {
    return new PostgresServer(folder.resolve("postgres"), port);
  }

  private EmbeddedPostgres started() throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .setPort(port)
        .setServerConfig("max_connections", "60")
        .setServerConfig("listen_addresses", "localhost")
        // The library's own choice is a server that may forget.
        .setServerConfig("fsync", "on")
        .setServerConfig("full_page_writes", "on")
        .setPGStartupWait(Duration.ofSeconds(60))
        .start();
  }

  /** Settings for a new, empty database. */
  public PostgresSettings database() {
    String name = "facet" + DATABASES.incrementAndGet();
    execute("CREATE DATABASE " + name);
    return new PostgresSettings(
        server.getJdbcUrl("postgres", name),
        "postgres",
        "",
        4,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(2));
  }

  /** Runs a statement as the server's owner. */
  public void execute(String statement) {
    try (var connection = server.getPostgresDatabase().getConnection();
        var running = connection.createStatement()) {
      running.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** SIGKILL to the server and all its children, as a machine that loses power. */
  public void kill() throws IOException, InterruptedException {
    long pid =
        Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
    ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
    postmaster.descendants().forEach(ProcessHandle::destroyForcibly);
    postmaster.destroyForcibly();
    while (postmaster.isAlive()) {
      Thread.sleep(10);
    }
    try {
      server.close();
    } catch (IOException e) {
      // It cannot stop what is dead, but gives its lock on the folder back.
    }
  }

  /** Starts it again on the same data and port, after a kill. */
  public void restart() throws IOException {
    Files.deleteIfExists(data.resolve("postmaster.pid"));
    server = started();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
