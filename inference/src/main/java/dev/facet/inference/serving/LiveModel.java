package dev.facet.inference.serving;

import java.util.Optional;

/**
 * A version in service as it was at one moment.
 *
 * @param current whether it is what its name means
 * @param standard whether it is what requests get that name no model
 * @param leases calls that have it
 * @param model empty while it is loading
 */
public record LiveModel<M>(
    ModelVersion version,
    State state,
    boolean current,
    boolean standard,
    int leases,
    Optional<M> model,
    MemoryChange memory) {

  /** Where a version is in its life; it only moves forward. */
  public enum State {
    /** Not to be had yet. */
    LOADING,
    SERVING,
    /** Not to be had any more; closed when the last call has returned it. */
    DRAINING
  }
}
