package dev.facet.gateway.ledger;

import java.time.Instant;
import java.util.Optional;

/**
 * One enrolled face, without its vector.
 *
 * @param consentReference what entitles the caller to keep it; may be empty
 * @param chip the archive's name of its picture; empty when none is kept
 * @param sequence of the change that enrolled it: its place in lists
 */
public record Face(
    String faceId,
    FaceDetails details,
    String consentReference,
    Optional<String> chip,
    long sequence,
    Instant created,
    Instant updated) {

  public String subjectId() {
    return details.subjectId();
  }
}
