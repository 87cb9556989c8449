package dev.facet.gateway.ledger;

/**
 * What the ledger knows of a face that a search hit.
 *
 * @param displayName the subject's; may be empty
 */
public record LiveFace(String faceId, String subjectId, String displayName, long sequence) {}
