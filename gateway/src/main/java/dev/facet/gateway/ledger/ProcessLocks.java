package dev.facet.gateway.ledger;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Locks of a ledger that belongs to one gateway. */
final class ProcessLocks implements LockTable {
  private final Map<String, Held> holders = new ConcurrentHashMap<>();

  @Override
  public Optional<SharedLock> tryLock(String name) {
    Held lock = new Held(name);
    return holders.putIfAbsent(name, lock) == null ? Optional.of(lock) : Optional.empty();
  }

  @Override
  public void close() {
    holders.clear();
  }

  private final class Held implements SharedLock {
    private final String name;

    Held(String name) {
      this.name = name;
    }

    @Override
    public boolean held() {
      return holders.get(name) == this;
    }

    @Override
    public void close() {
      holders.remove(name, this);
    }
  }
}
