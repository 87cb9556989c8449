package dev.facet.gateway.ledger;

import java.io.Serial;

/** The ledger's disk has no room for a change; reading goes on. */
public final class LedgerFullException extends LedgerException {
  @Serial private static final long serialVersionUID = 1;

  LedgerFullException(Throwable cause) {
    super("the ledger's disk is full", cause);
  }
}
