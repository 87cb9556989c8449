package dev.facet.gateway.ledger;

import java.util.Optional;

/**
 * A face to be enrolled.
 *
 * @param contentSha256 digest of whatever makes two enrolments of one face id the same (pixels,
 *     model, subject): the same id with the same digest is stored once, with another is refused
 * @param externalId may be empty
 * @param metadata a JSON object
 * @param consentReference what entitles the caller to keep it; may be empty
 * @param chip the archive's name of its picture, which must be durable already
 */
public record NewFace(
    String faceId,
    UnitVector vector,
    String contentSha256,
    String externalId,
    String metadata,
    String consentReference,
    Optional<String> chip) {
  /**
   * @throws LedgerRefusal INVALID_ID
   */
  public NewFace {
    Ids.check("face_id", faceId);
  }
}
