package dev.facet.gateway.ledger;

import java.util.Optional;

/** The locks of one ledger. */
interface LockTable extends AutoCloseable {
  Optional<SharedLock> tryLock(String name);

  @Override
  void close();
}
