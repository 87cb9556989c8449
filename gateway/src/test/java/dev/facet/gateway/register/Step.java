package dev.facet.gateway.register;

/**
 * What one client did and saw.
 *
 * @param version enrolled, or seen by a read; 0 for absent
 * @param known false when the call failed: it may take effect at any time after its begin, or never
 * @param begun nanoseconds, before the call was sent
 * @param ended nanoseconds, after it was answered
 */
public record Step(Kind kind, int version, boolean known, long begun, long ended) {

  /** The call, with its answer. */
  public enum Kind {
    ENROLLED,
    /** The id stood for another version. */
    REFUSED,
    DELETED,
    /** The id to be deleted never was. */
    NEVER_WAS,
    READ
  }
}
