package dev.facet.gateway.ledger;

/** The newest record of the audit log; number 0 where there is none. */
public record AuditHead(long number, String sha256) {
  static final AuditHead EMPTY = new AuditHead(0, AuditRecord.NOTHING_BEFORE);
}
