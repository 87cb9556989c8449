package dev.facet.gateway.ledger;

/**
 * What may be changed about a subject.
 *
 * @param displayName may be empty
 * @param externalId the person's id in the caller's own system; may be empty
 * @param metadata a JSON object
 */
public record SubjectDetails(String displayName, String externalId, String metadata) {}
