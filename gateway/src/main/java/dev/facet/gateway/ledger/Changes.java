package dev.facet.gateway.ledger;

import java.util.List;

/**
 * A page of changes.
 *
 * @param changes oldest first; a face that was enrolled and deleted is only deleted
 * @param upTo whoever has applied the page has followed the ledger up to this sequence number
 */
public record Changes(List<Change> changes, long upTo) {}
