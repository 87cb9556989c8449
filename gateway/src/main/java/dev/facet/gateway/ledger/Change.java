package dev.facet.gateway.ledger;

/** One change that an index over the faces must follow. Repeating one does no harm. */
public sealed interface Change {
  /** Grows with every change of the ledger. */
  long sequence();

  /** The {@link FaceCollection#number} concerned. */
  long collection();

  /** The face is alive with this vector; an index knows it by this change's sequence number. */
  record Enrolled(long sequence, long collection, String faceId, UnitVector vector)
      implements Change {}

  /**
   * The face is hidden.
   *
   * @param enrolled sequence number of the change that had enrolled it
   */
  record Deleted(long sequence, long collection, String faceId, long enrolled) implements Change {}

  /** The collection is no more, with every face in it. */
  record Dropped(long sequence, long collection) implements Change {}
}
