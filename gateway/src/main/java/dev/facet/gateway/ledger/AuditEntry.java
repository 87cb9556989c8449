package dev.facet.gateway.ledger;

/**
 * Something that was done, for the audit log: ids only.
 *
 * @param action an RPC's name
 * @param objects words {@code kind:id}, separated by spaces
 * @param outcome {@code OK}, or a reason
 */
public record AuditEntry(
    String tenant, String keyId, String action, String objects, String outcome) {}
