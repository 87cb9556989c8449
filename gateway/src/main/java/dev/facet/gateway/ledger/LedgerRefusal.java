package dev.facet.gateway.ledger;

import java.io.Serial;
import java.util.Objects;

/**
 * A request that the stores refuse for what it says: sent again it is refused again. The message is
 * public and carries no stack trace, being an answer rather than an accident.
 */
public final class LedgerRefusal extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final Reason reason;

  /** Why; the names are those of the public {@code ErrorReason}. */
  public enum Reason {
    INVALID_ID,
    VECTOR_DIMENSION,
    VECTOR_NOT_FINITE,
    VECTOR_NOT_UNIT,
    MODEL_MISMATCH,
    TENANT_NOT_FOUND,
    TENANT_EXISTS,
    API_KEY_NOT_FOUND,
    COLLECTION_NOT_FOUND,
    COLLECTION_EXISTS,
    COLLECTION_NOT_EMPTY,
    SUBJECT_NOT_FOUND,
    FACE_NOT_FOUND,
    OPERATION_NOT_FOUND,
    OPERATION_RUNNING
  }

  /** A refusal with its public message. */
  public LedgerRefusal(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** The public message. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
