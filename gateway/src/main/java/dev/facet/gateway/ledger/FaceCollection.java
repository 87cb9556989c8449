package dev.facet.gateway.ledger;

import dev.facet.gateway.ledger.LedgerRefusal.Reason;
import java.time.Instant;

/**
 * Faces that are searched together, all made by one embedding model.
 *
 * @param number the ledger's own, never used again: a collection dropped and created anew under its
 *     old name is another. Archive and gallery know collections by it.
 * @param dimension length of the vectors
 */
public record FaceCollection(
    long number,
    CollectionKey key,
    ModelId model,
    int dimension,
    CollectionDetails details,
    Instant created,
    Instant updated) {

  /**
   * Does nothing when vectors of the model belong here.
   *
   * @throws LedgerRefusal MODEL_MISMATCH
   */
  public void requireModel(ModelId other) {
    if (!model.equals(other)) {
      throw new LedgerRefusal(
          Reason.MODEL_MISMATCH,
          "the collection is bound to another model than " + other.name() + " " + other.version());
    }
  }

  /**
   * Does nothing when the vector has the length of those here.
   *
   * @throws LedgerRefusal VECTOR_DIMENSION
   */
  public void requireDimension(UnitVector vector) {
    if (vector.dimension() != dimension) {
      throw new LedgerRefusal(
          Reason.VECTOR_DIMENSION,
          "the vector has %d values, the collection's have %d"
              .formatted(vector.dimension(), dimension));
    }
  }
}
