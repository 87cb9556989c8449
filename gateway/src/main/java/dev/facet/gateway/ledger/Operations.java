package dev.facet.gateway.ledger;

import dev.facet.gateway.ledger.Operation.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The long jobs of all gateways on a ledger.
 *
 * <p>A job belongs to the gateway that began it, which reports how far it is; each report is a beat
 * of its heart. A gateway that hears none for a while may say that it failed. How long that is,
 * each measures for itself: their clocks differ, and are set. A job that is done changes no more:
 * what is said of it later is ignored.
 */
public interface Operations {
  /**
   * Begins a job, which is {@link State#PENDING}.
   *
   * @param collectionId may be empty, for all of the tenant's
   * @throws LedgerRefusal OPERATION_RUNNING when one of this kind is under way for the collection,
   *     TENANT_NOT_FOUND
   */
  Operation begin(String tenant, String kind, String collectionId);

  Optional<Operation> find(String tenant, String id);

  /** The tenant's jobs before the given id ("" at first), newest first. */
  List<Operation> list(String tenant, String beforeId, int limit);

  /**
   * Asks the job to stop, which is its gateway's to do.
   *
   * @throws LedgerRefusal OPERATION_NOT_FOUND
   */
  Operation cancel(String tenant, String id);

  /**
   * Reports that the job is alive, and how far it is.
   *
   * @param state PENDING or RUNNING
   * @return whether the job is still wanted: neither asked to stop nor declared dead
   */
  boolean report(String id, State state, long doneItems, long totalItems);

  /**
   * Ends the job.
   *
   * @param state one that is done
   */
  void end(String id, State state, byte[] error, byte[] result);

  /** The jobs that are under way, by id, with the number of their reports. */
  Map<String, Long> heartbeats();

  /**
   * Declares a job dead, unless it was reported meanwhile, and returns whether it did.
   *
   * @param heartbeat as it was heard
   * @param error why, in bytes of the caller's
   */
  boolean failSilent(String id, long heartbeat, byte[] error);

  /** Forgets jobs that were done so long ago, and returns how many. */
  int forget(Duration doneFor);
}
