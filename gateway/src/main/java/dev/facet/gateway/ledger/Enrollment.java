package dev.facet.gateway.ledger;

import java.util.List;
import java.util.Optional;

/**
 * Faces to be enrolled under one subject, all or none.
 *
 * @param model that made the vectors
 * @param subjectId created when it is not there
 * @param displayName becomes the subject's when given
 * @param request makes the enrolment idempotent by the caller's own id
 */
public record Enrollment(
    ModelId model,
    String subjectId,
    Optional<String> displayName,
    List<NewFace> faces,
    Optional<RequestRecord> request) {
  /**
   * @throws LedgerRefusal INVALID_ID
   */
  public Enrollment {
    Ids.check("subject_id", subjectId);
    faces = List.copyOf(faces);
  }
}
