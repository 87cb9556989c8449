package dev.facet.gateway.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** One enrolment, as one unit of a transaction: decide first, then write all or nothing. */
record EnrollUnit(FaceCollection collection, Enrollment enrollment, Instant now) {

  EnrollOutcome run(Handle handle) {
    CollectionTable.requireStill(handle, collection);
    return remembered(handle).or(() -> conflict(handle)).orElseGet(() -> store(handle));
  }

  private Optional<EnrollOutcome> remembered(Handle handle) {
    return enrollment
        .request()
        .flatMap(
            request ->
                RequestTable.find(handle, collection, request.requestId(), request.sha256(), now));
  }

  /** A face id that stands for other content, in the ledger or earlier in this enrolment. */
  private Optional<EnrollOutcome> conflict(Handle handle) {
    Map<String, String> contents = new HashMap<>();
    for (NewFace face : enrollment.faces()) {
      String content =
          contents.computeIfAbsent(
              face.faceId(),
              id -> FaceTable.contentOf(handle, collection, id).orElseGet(face::contentSha256));
      if (!content.equals(face.contentSha256())) {
        return Optional.of(new EnrollOutcome.FaceExists(face.faceId()));
      }
    }
    return Optional.empty();
  }

  private EnrollOutcome store(Handle handle) {
    List<Face> faces = new ArrayList<>();
    boolean stored = false;
    for (NewFace face : enrollment.faces()) {
      Optional<Face> earlier = FaceTable.find(handle, collection, face.faceId());
      if (earlier.isEmpty()) {
        if (!stored) {
          SubjectTable.ensure(
              handle, collection, enrollment.subjectId(), enrollment.displayName(), now);
        }
        stored = true;
      }
      faces.add(
          earlier.orElseGet(
              () -> FaceTable.insert(handle, collection, enrollment.subjectId(), face, now)));
    }
    enrollment
        .request()
        .ifPresent(request -> RequestTable.remember(handle, collection, request, faces, now));
    long sequence = RequestTable.newest(faces);
    return stored
        ? new EnrollOutcome.Stored(faces, sequence)
        : new EnrollOutcome.Replayed(faces, sequence, new byte[0]);
  }
}
