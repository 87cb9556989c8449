package dev.facet.gateway.ledger;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Locks of a ledger that belongs to one gateway. */
final class ProcessLocks implements LockTable {
  private final Set<String> taken = ConcurrentHashMap.newKeySet();

  @Override
  public Optional<SharedLock> tryLock(String name) {
    return taken.add(name) ? Optional.of(new Held(name)) : Optional.empty();
  }

  @Override
  public void close() {
    taken.clear();
  }

  private final class Held implements SharedLock {
    private final String name;
    private volatile boolean given;

    Held(String name) {
      this.name = name;
    }

    @Override
    public boolean held() {
      return !given;
    }

    @Override
    public void close() {
      if (!given) {
        given = true;
        taken.remove(name);
      }
    }
  }
}
