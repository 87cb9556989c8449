package dev.facet.gateway.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
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

  static Ledger open(Path file, InstantSource clock) {
    createDirectories(file.toAbsolutePath());
    DataSource writer = source(file, config(TransactionMode.IMMEDIATE));
    Flyway.configure().dataSource(writer).load().migrate();
    SQLiteConfig reading = config(TransactionMode.DEFERRED);
    reading.setReadOnly(true);
    return new SqlLedger(
        pool("ledger-write", writer, 1, false),
        pool("ledger-read", source(file, reading), READERS, true),
        clock);
  }

  private static SQLiteConfig config(TransactionMode mode) {
    SQLiteConfig config = new SQLiteConfig();
    config.setPageSize(PAGE_BYTES);
    config.setJournalMode(JournalMode.WAL);
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

  private static HikariDataSource pool(
      String name, DataSource source, int connections, boolean readOnly) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setDataSource(source);
    config.setMaximumPoolSize(connections);
    config.setReadOnly(readOnly);
    return new HikariDataSource(config);
  }

  private static void createDirectories(Path file) {
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
