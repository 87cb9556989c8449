package dev.facet.gateway.ledger;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** What a failure below the ledger means to its callers. */
final class SqlFailure {
  private static final int SQLITE_FULL = 13;
  private static final String POSTGRES_DISK_FULL = "53100";
  private static final String POSTGRES_CONNECTION = "08";
  private static final String POSTGRES_SHUTDOWN = "57P";

  private SqlFailure() {}

  /** The exception itself when it does not come from the database. */
  static RuntimeException translated(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return isFull(sql)
            ? new LedgerFullException(thrown)
            : new LedgerException("the ledger cannot answer now", thrown);
      }
    }
    return thrown instanceof RuntimeException own
        ? own
        : new LedgerException("the ledger's writer failed", thrown);
  }

  /** Whether the connection is gone, and not the statement wrong. */
  static boolean isLostConnection(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLTransientConnectionException) {
        return false; // the pool has waited for a new one already
      }
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        String state = sql.getSQLState();
        return state.startsWith(POSTGRES_CONNECTION) || state.startsWith(POSTGRES_SHUTDOWN);
      }
    }
    return false;
  }

  private static boolean isFull(SQLException e) {
    return e.getErrorCode() == SQLITE_FULL || POSTGRES_DISK_FULL.equals(e.getSQLState());
  }
}
