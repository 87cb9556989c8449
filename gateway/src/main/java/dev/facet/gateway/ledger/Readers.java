package dev.facet.gateway.ledger;

import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The connections beside the writer's: they see what is committed, and wait for no write. */
record Readers(Jdbi pool) {

  /** A pooled connection may have been lost while nobody used it, so that is no failure yet. */
  <T> T read(Function<Handle, T> query) {
    try {
      return pool.withHandle(query::apply);
    } catch (RuntimeException e) {
      if (!SqlFailure.isLostConnection(e)) {
        throw SqlFailure.translated(e);
      }
    }
    try {
      return pool.withHandle(query::apply);
    } catch (RuntimeException e) {
      throw SqlFailure.translated(e);
    }
  }
}
