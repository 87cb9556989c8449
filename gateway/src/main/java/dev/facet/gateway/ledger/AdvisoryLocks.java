package dev.facet.gateway.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL's advisory locks, each on a connection of its own: the lock is gone when the
 * connection is. The server ends a connection that was silent for a minute, so that a gateway that
 * was stopped, whose kernel keeps its connections open, does not keep its locks.
 */
final class AdvisoryLocks implements LockTable {
  private static final Logger log = LoggerFactory.getLogger(AdvisoryLocks.class);
  private static final Duration SILENCE = Duration.ofMinutes(1);
  private static final int ANSWER_SECONDS = 5;

  private final DataSource database;
  private final Set<Held> held = ConcurrentHashMap.newKeySet();

  AdvisoryLocks(DataSource database) {
    this.database = database;
  }

  @Override
  public Optional<SharedLock> tryLock(String name) {
    @Nullable Connection connection = null;
    try {
      connection = database.getConnection();
      connection.setAutoCommit(true);
      try (var statement = connection.createStatement()) {
        statement.execute("SET idle_session_timeout = " + SILENCE.toMillis());
      }
      if (!locked(connection, name)) {
        connection.close();
        return Optional.empty();
      }
      Held lock = new Held(connection);
      held.add(lock);
      return Optional.of(lock);
    } catch (SQLException e) {
      closeQuietly(connection);
      throw SqlFailure.translated(e);
    }
  }

  /** The key is a hash of the name; two names that share one would only wait for each other. */
  private static boolean locked(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_try_advisory_lock(hashtextextended(?, 0))")) {
      statement.setString(1, "facet " + name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  private static void closeQuietly(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        log.debug("A lock's connection was closed already", e);
      }
    }
  }

  @Override
  public void close() {
    held.forEach(Held::close);
  }

  private final class Held implements SharedLock {
    private final Connection connection;

    Held(Connection connection) {
      this.connection = connection;
    }

    @Override
    public boolean held() {
      try {
        return held.contains(this) && connection.isValid(ANSWER_SECONDS);
      } catch (SQLException e) {
        return false;
      }
    }

    @Override
    public void close() {
      if (held.remove(this)) {
        closeQuietly(connection);
      }
    }
  }
}
