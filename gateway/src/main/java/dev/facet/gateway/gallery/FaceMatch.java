package dev.facet.gateway.gallery;

/**
 * A live face near a probe.
 *
 * @param displayName the subject's; may be empty
 * @param squaredDistance 0 to 4
 */
public record FaceMatch(
    String faceId, String subjectId, String displayName, float squaredDistance) {}
