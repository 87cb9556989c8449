package dev.facet.gateway.ledger;

import java.time.Duration;

/**
 * How to reach the ledger's PostgreSQL database.
 *
 * @param url {@code jdbc:postgresql://host:port/database}, with the driver's options if any
 * @param connections that read; one more writes, and one for each lock that is held
 * @param connectTimeout for a new connection
 * @param statementTimeout after which the server gives a statement up
 * @param lockTimeout after which a writer that waits for another gateway's transaction gives up
 */
public record PostgresSettings(
    String url,
    String user,
    String password,
    int connections,
    Duration connectTimeout,
    Duration statementTimeout,
    Duration lockTimeout) {

  /** Says nothing of the password. */
  @Override
  public String toString() {
    return "PostgresSettings[user=" + user + ", connections=" + connections + "]";
  }
}
