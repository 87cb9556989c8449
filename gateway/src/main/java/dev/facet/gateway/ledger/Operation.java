package dev.facet.gateway.ledger;

import java.time.Instant;

/**
 * A long job as the ledger knows it.
 *
 * @param id grows with the time of creation
 * @param collectionId empty when it is about all collections of the tenant
 * @param revision grows with every change
 * @param doneItems of {@code totalItems}, which is 0 while unknown
 * @param cancelled whether it has been asked to stop
 * @param error why it failed, in bytes of the caller's; empty unless it did
 * @param result what came of it, in bytes of the caller's; empty unless it succeeded
 */
@SuppressWarnings("ArrayRecordComponent")
public record Operation(
    String id,
    String tenant,
    String kind,
    String collectionId,
    State state,
    long revision,
    long doneItems,
    long totalItems,
    boolean cancelled,
    byte[] error,
    byte[] result,
    Instant created,
    Instant updated) {

  /** How far a job is. */
  public enum State {
    PENDING,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    /** Whether nothing will change any more. */
    public boolean done() {
      return this != PENDING && this != RUNNING;
    }
  }
}
