package dev.facet.gateway.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;

/** Opens a ledger in one SQLite file: write-ahead log, and a sync of the disk at every commit. */
final class SqliteFile {
  private static final int READERS = 4;
  private static final int BUSY_TIMEOUT_MILLIS = 10_000;

  /** A row with a vector of 512 has 2.3 kB: three fit, where the default page takes one. */
  private static final int PAGE_BYTES = 8_192;

  private SqliteFile() {}

  static Ledger open(Path file, InstantSource clock, Supplier<Optional<Actor>> actors) {
    HikariDataSource writer = writer(file);
    try {
      return new SqlLedger(writer, readers(file), _ -> {}, new ProcessLocks(), clock, actors);
    } catch (RuntimeException e) {
      writer.close();
      throw e;
    }
  }

  /** The one connection that writes, to a file that has been created, or migrated, when needed. */
  static HikariDataSource writer(Path file) {
    createDirectories(file.toAbsolutePath());
    DataSource source = source(file, config(TransactionMode.IMMEDIATE));
    // The file keeps this mode. It cannot be in the config, which would set it before the page
    // size.
    Jdbi.create(source).useHandle(handle -> handle.execute("PRAGMA journal_mode = WAL"));
    Flyway.configure().dataSource(source).load().migrate();
    HikariConfig pool = new HikariConfig();
    pool.setPoolName("ledger-write");
    pool.setDataSource(source);
    pool.setMaximumPoolSize(1);
    return new HikariDataSource(pool);
  }

  private static HikariDataSource readers(Path file) {
    SQLiteConfig config = config(TransactionMode.DEFERRED);
    config.setReadOnly(true);
    HikariConfig pool = new HikariConfig();
    pool.setPoolName("ledger-read");
    pool.setDataSource(source(file, config));
    pool.setReadOnly(true);
    pool.setMaximumPoolSize(READERS);
    return new HikariDataSource(pool);
  }

  private static SQLiteConfig config(TransactionMode mode) {
    SQLiteConfig config = new SQLiteConfig();
    config.setPageSize(PAGE_BYTES);
    config.setSynchronous(SynchronousMode.FULL);
    config.setTransactionMode(mode);
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    config.enforceForeignKeys(true);
    // Deleted vectors are overwritten, not only forgotten.
    config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
    return config;
  }

  private static DataSource source(Path file, SQLiteConfig config) {
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  private static void createDirectories(Path file) {
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
