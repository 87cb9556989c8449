package dev.facet.gateway.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a ledger in PostgreSQL, which any number of gateways share. */
final class PostgresDatabase {
  /*
   * Every transaction that writes begins by locking the one row of change_sequence. So the
   * transactions of all gateways come one after the other, as on SQLite: what a unit reads before it
   * writes still holds when it commits, and a sequence number is visible when all before it are. The
   * price is one writer at a time in the whole cluster; groups make up for it, as they do for the
   * sync of the disk.
   *
   * Nobody waits for ever. A transaction of somebody else that keeps the row makes the group fail
   * after the lock timeout; a connection whose gateway was stopped in the middle of a transaction is
   * ended by the server, which undoes it.
   *
   * A commit is durable when it returns, whatever the server's default: every connection asks for
   * synchronous_commit.
   */
  private static final Logger log = LoggerFactory.getLogger(PostgresDatabase.class);

  private PostgresDatabase() {}

  static Ledger open(
      PostgresSettings settings, InstantSource clock, Supplier<Optional<Actor>> actors) {
    Flyway.configure()
        .dataSource(source(settings, Duration.ZERO))
        .locations("classpath:db/migration", "classpath:db/postgres")
        .load()
        .migrate();
    HikariDataSource writer = pool("ledger-write", settings, 1, false);
    try {
      warnOfForgetfulServer(writer);
      return new SqlLedger(
          writer,
          pool("ledger-read", settings, settings.connections(), true),
          PostgresDatabase::lockSequence,
          new AdvisoryLocks(source(settings, settings.statementTimeout())),
          clock,
          actors);
    } catch (RuntimeException e) {
      writer.close();
      throw e;
    }
  }

  private static void warnOfForgetfulServer(HikariDataSource database) {
    String fsync =
        Jdbi.create(database)
            .withHandle(handle -> handle.createQuery("SHOW fsync").mapTo(String.class).one());
    if (fsync.equals("off")) {
      log.warn("The ledger's server runs with fsync=off: a machine that fails loses enrolments");
    }
  }

  private static void lockSequence(Handle handle) {
    handle.createQuery("SELECT newest FROM change_sequence FOR UPDATE").mapTo(Long.class).one();
  }

  private static HikariDataSource pool(
      String name, PostgresSettings settings, int size, boolean readOnly) {
    HikariConfig pool = new HikariConfig();
    pool.setPoolName(name);
    pool.setDataSource(source(settings, settings.statementTimeout()));
    pool.setReadOnly(readOnly);
    pool.setMaximumPoolSize(size);
    pool.setConnectionTimeout(settings.connectTimeout().toMillis());
    return new HikariDataSource(pool);
  }

  /**
   * Connections.
   *
   * @param statements the longest that one may take; zero for a migration, which may take what it
   *     needs and waits for those of other gateways
   */
  private static PGSimpleDataSource source(PostgresSettings settings, Duration statements) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(settings.url());
    if (!settings.user().isEmpty()) {
      source.setUser(settings.user());
    }
    if (!settings.password().isEmpty()) {
      source.setPassword(settings.password());
    }
    source.setApplicationName("facet");
    source.setTcpKeepAlive(true);
    source.setConnectTimeout(seconds(settings.connectTimeout()));
    source.setLoginTimeout(seconds(settings.connectTimeout()));
    // The server's own limit comes first; this one is for a server that is gone.
    source.setSocketTimeout(statements.isZero() ? 0 : 2 * seconds(statements));
    source.setOptions(
        "-c synchronous_commit=on -c statement_timeout=%d -c lock_timeout=%d -c idle_in_transaction_session_timeout=%d"
            .formatted(
                statements.toMillis(),
                statements.isZero() ? 0 : settings.lockTimeout().toMillis(),
                statements.isZero() ? 0 : settings.lockTimeout().toMillis()));
    return source;
  }

  private static int seconds(Duration duration) {
    return Math.max(1, Math.toIntExact(duration.toSeconds()));
  }
}
