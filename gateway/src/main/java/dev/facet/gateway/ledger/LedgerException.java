package dev.facet.gateway.ledger;

import java.io.Serial;

/** The ledger cannot answer now; what was asked may be tried again. */
public class LedgerException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  LedgerException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A failure without a cause of another's. */
  public LedgerException(String message) {
    super(message);
  }
}
