package dev.facet.gateway.ledger;

import java.io.Serial;

/** As many changes wait to be committed as may wait. */
public final class LedgerBusyException extends LedgerException {
  @Serial private static final long serialVersionUID = 1;

  LedgerBusyException(int waiting) {
    super(waiting + " changes wait to be committed already");
  }
}
