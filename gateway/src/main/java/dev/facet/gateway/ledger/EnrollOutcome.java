package dev.facet.gateway.ledger;

import java.util.List;

/** What came of an enrolment. */
public sealed interface EnrollOutcome {

  /**
   * At least one face is new.
   *
   * @param faces in the order of the enrolment, those stored before included
   * @param sequence of the newest change; a gallery that has followed so far shows every face
   */
  record Stored(List<Face> faces, long sequence) implements EnrollOutcome {}

  /**
   * Every face was stored before, and nothing has changed now.
   *
   * @param faces in the order of that enrolment; those deleted since are missing
   * @param sequence as in {@link Stored}
   * @param answer of the request that stored them; empty when the faces were recognised by their
   *     ids alone
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Replayed(List<Face> faces, long sequence, byte[] answer) implements EnrollOutcome {}

  /** The request id was used for another request less than 24 hours ago. Nothing was stored. */
  record RequestIdReused() implements EnrollOutcome {}

  /** The face id is alive with other content. Nothing was stored. */
  record FaceExists(String faceId) implements EnrollOutcome {}
}
