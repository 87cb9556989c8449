package dev.facet.gateway.ledger;

/**
 * What may be changed about a face.
 *
 * @param subjectId whose face it is
 * @param externalId may be empty
 * @param metadata a JSON object
 */
public record FaceDetails(String subjectId, String externalId, String metadata) {}
