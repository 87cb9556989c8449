package dev.facet.gateway.ledger;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * Commits changes, each with its record of the audit log in the same transaction when somebody is
 * known to make it.
 *
 * @param actors who acts on the calling thread
 */
record AuditedWrites(GroupCommit writes, Supplier<Optional<Actor>> actors, InstantSource clock) {

  /**
   * Commits a change.
   *
   * @param action name of the RPC
   * @param objects what it was about, by its result; empty when it changed nothing
   */
  <T> T commit(
      String action, Function<T, Optional<String>> objects, BiFunction<Handle, Instant, T> unit) {
    Optional<Actor> actor = actors.get();
    return writes.commit(
        handle -> unit.apply(handle, now()),
        result ->
            actor.flatMap(
                who ->
                    objects
                        .apply(result)
                        .map(
                            about ->
                                new AuditEntry(who.tenant(), who.keyId(), action, about, "OK"))));
  }

  /** Commits a change of certain things. */
  <T> T commit(String action, String objects, BiFunction<Handle, Instant, T> unit) {
    return commit(action, _ -> Optional.of(objects), unit);
  }

  /** Records something alone. */
  void append(List<AuditEntry> entries) {
    writes.commit(handle -> AuditTable.append(handle, entries, now()));
  }

  private Instant now() {
    return Micros.now(clock);
  }
}
