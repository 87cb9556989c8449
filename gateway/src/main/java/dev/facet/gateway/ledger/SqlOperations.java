package dev.facet.gateway.ledger;

import dev.facet.gateway.ledger.Operation.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The long jobs in the ledger's database. */
final class SqlOperations implements Operations {
  private final GroupCommit writes;
  private final Readers readers;
  private final InstantSource clock;

  SqlOperations(GroupCommit writes, Readers readers, InstantSource clock) {
    this.writes = writes;
    this.readers = readers;
    this.clock = clock;
  }

  @Override
  public Operation begin(String tenant, String kind, String collectionId) {
    return writes.commit(handle -> OperationTable.begin(handle, tenant, kind, collectionId, now()));
  }

  @Override
  public Optional<Operation> find(String tenant, String id) {
    return readers.read(handle -> OperationTable.find(handle, tenant, id));
  }

  @Override
  public List<Operation> list(String tenant, String beforeId, int limit) {
    return readers.read(handle -> OperationTable.list(handle, tenant, beforeId, limit));
  }

  @Override
  public Operation cancel(String tenant, String id) {
    return writes.commit(handle -> OperationTable.cancel(handle, tenant, id, now()));
  }

  @Override
  public boolean report(String id, State state, long doneItems, long totalItems) {
    return writes.commit(
        handle -> OperationTable.report(handle, id, state, doneItems, totalItems, now()));
  }

  @Override
  public void end(String id, State state, byte[] error, byte[] result) {
    writes.commit(handle -> OperationTable.end(handle, id, state, error, result, now()));
  }

  @Override
  public Map<String, Long> heartbeats() {
    return readers.read(OperationTable::heartbeats);
  }

  @Override
  public boolean failSilent(String id, long heartbeat, byte[] error) {
    return writes.commit(handle -> OperationTable.failSilent(handle, id, heartbeat, error, now()));
  }

  @Override
  public int forget(Duration doneFor) {
    return writes.commit(handle -> OperationTable.forget(handle, now().minus(doneFor)));
  }

  private Instant now() {
    return Micros.now(clock);
  }
}
